"""Migrations convert existing data."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from screening.inquiries import business_days


def migrated(*targets):
    """Migrate, by default to the newest, and return the historical models."""
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connection).loader.project_state(list(targets) or executor.loader.graph.leaf_nodes()).apps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_inquiries_that_came_before_get_their_promise_and_their_turn():
    old = migrated(("screening", "0001_initial"))
    version = old.get_model("screening", "WordingVersion").objects.create(digest="x", content={})
    start = datetime(2026, 3, 7, 1, tzinfo=UTC)  # near a switch to summer time
    statuses = ["new", "in-review", "waiting", "offered", "closed"]
    for number in range(40):
        status = statuses[number % 5]
        old.get_model("screening", "Inquiry").objects.create(
            draft_id=f"00000000-0000-0000-0000-{number:012}",
            reference=f"CRC-{number}",
            received_at=start + number * timedelta(hours=7),
            language="en",
            wording=version,
            status=status,
            closed_as="spam" if status == "closed" else "",
        )
    inquiries = list(migrated().get_model("screening", "Inquiry").objects.all())
    assert len(inquiries) == 40
    turns = {"new": 0, "in-review": 0, "waiting": 1, "offered": 1, "closed": 2}
    for inquiry in inquiries:
        assert inquiry.reply_due_at == business_days.reply_due(inquiry.received_at)
        assert inquiry.turn == turns[inquiry.status]
        assert (inquiry.first_reply_at, inquiry.last_contact_at) == (None, None)
