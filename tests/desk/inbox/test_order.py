"""The inbox querysets: which inquiries each contains, and that an index gives their order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from screening.inquiries import services
from screening.models import Inquiry, Status, Turn
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def put(made: Inquiry, **changed) -> Inquiry:
    Inquiry.objects.filter(pk=made.pk).update(**changed)
    return Inquiry.objects.get(pk=made.pk)


@pytest.mark.parametrize(
    ("status", "turn"),
    [
        (Status.NEW, Turn.OURS),
        (Status.IN_REVIEW, Turn.OURS),
        (Status.WAITING, Turn.PATIENT),
        (Status.OFFERED, Turn.PATIENT),
        (Status.CLOSED, Turn.NOBODY),
    ],
)
def test_whose_turn_it_is_follows_from_the_status_in_the_database(status, turn):
    made = put(inquiry(), status=status, closed_as="spam" if status == Status.CLOSED else "")
    assert made.turn == turn
    in_words = {Turn.OURS: "waiting_for_us", Turn.PATIENT: "waiting_for_patient", Turn.NOBODY: "closed"}
    for each, word in in_words.items():
        assert getattr(Inquiry.objects, word)().exists() is (each == turn)
    assert Inquiry.objects.open().exists() is (turn != Turn.NOBODY)


def test_unread_is_what_nobody_has_opened_and_is_open(staff):
    unread, opened, closed = inquiry(), inquiry(), inquiry()
    services.record_opened(opened, staff)
    services.move_status(closed, "closed", staff, "spam")
    assert list(Inquiry.objects.unread()) == [unread]


def test_overdue_is_open_without_a_reply_after_the_promised_time(staff):
    now = timezone.now()
    late, answered, closed, early = (inquiry() for _ in range(4))
    for made in (late, answered, closed):
        put(made, reply_due_at=now - timedelta(minutes=1))
    services.log_call(answered, "", staff)
    services.move_status(closed, "closed", staff, "spam")
    assert list(Inquiry.objects.overdue(now)) == [late]
    assert set(Inquiry.objects.overdue(early.reply_due_at + timedelta(seconds=1))) == {late, early}


def test_the_promise_runs_until_a_reply_or_the_end():
    made = inquiry()
    assert made.awaits_reply
    assert not put(made, unanswered_since=None).awaits_reply
    assert not put(made, unanswered_since=timezone.now(), status="closed", closed_as="spam").awaits_reply


def test_the_earliest_promise_comes_first_and_then_the_earliest_arrival():
    now = timezone.now()
    later, first, second = inquiry(), inquiry(), inquiry()
    put(later, reply_due_at=now + timedelta(days=2), received_at=now - timedelta(days=9))
    put(second, reply_due_at=now, received_at=now)
    put(first, reply_due_at=now, received_at=now - timedelta(hours=1))
    assert list(Inquiry.objects.longest_waiting_first()) == [first, second, later]


def lists(staff) -> dict:
    inquiries = Inquiry.objects
    return {
        "all": inquiries.all(),
        "unread": inquiries.unread(),
        "mine": inquiries.assigned_to(staff),
        "mine, open": inquiries.assigned_to(staff).open(),
        "nobody's": inquiries.assigned_to(None),
        "waiting for us": inquiries.waiting_for_us(),
        "waiting for patient": inquiries.waiting_for_patient(),
        "overdue": inquiries.overdue(timezone.now()),
        "closed": inquiries.closed(),
    }


EXPECTED_INDEX = {
    "unread": "inquiry_unread",
    "mine": "inquiry_of_assignee",
    "mine, open": "inquiry_of_assignee",
    "nobody's": "inquiry_of_assignee",
    "overdue": "inquiry_unanswered",
}


@pytest.mark.parametrize("name", sorted(lists(None)))
def test_every_list_is_read_in_order_from_an_index(name, staff):
    inquiry()
    if connection.vendor == "postgresql":
        # PostgreSQL would sort so few rows without the index, so sorting is turned off.
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
    plan = lists(staff)[name].longest_waiting_first()[:50].explain()
    # With one row, PostgreSQL rates the general index and the list's own index equally; either is right.
    may_be = {EXPECTED_INDEX.get(name, "inquiry_inbox")} | (
        {"inquiry_inbox"} if connection.vendor == "postgresql" else set()
    )
    assert any(index in plan for index in may_be), plan
    assert "TEMP B-TREE" not in plan, plan
    assert "Sort" not in plan, plan
