from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from screening.inquiries import services
from screening.models import Inquiry, Letter
from screening.outbox import digest
from screening.outbox.letters import build_message
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def mail():
    return build_message(Letter.objects.create(name="digest"))


def test_it_names_what_waits_by_reference_and_nothing_else(staff, settings):
    overdue, unread, read = (inquiry(name="Canary Person", anything_else="canary") for _ in range(3))
    Inquiry.objects.filter(pk=overdue.pk).update(reply_due_at=timezone.now() - timedelta(hours=1))
    services.record_opened(read, staff)
    services.add_note(read, "canary", staff)
    made = mail()
    assert made.to == settings.STAFF_NOTIFY_TO
    lines = made.body.splitlines()
    assert f"Past the reply time (1): {overdue.reference}" in lines
    assert f"Not opened yet (2): {overdue.reference}, {unread.reference}" in lines
    assert f"Waiting for us (3): {overdue.reference}, {unread.reference}, {read.reference}" in lines
    assert f"{settings.SITE_URL}/admin/screening/inquiry/" in made.body
    whole = made.message().as_string() + made.body + made.alternatives[0].content
    for secret in ("anary", "ana@", "5550100", "Person"):
        assert secret not in whole
    assert "{" not in made.body


def test_what_there_is_none_of_is_left_out(staff):
    made = inquiry()
    services.record_opened(made, staff)
    body = mail().body
    assert "Waiting for us (1)" in body
    for absent in ("Past the reply time", "Not opened yet", "could not be sent", "\n\n\n"):
        assert absent not in body


def test_letters_that_could_not_be_sent_are_counted():
    inquiry()
    Letter.objects.update(gave_up_at=timezone.now())
    assert "Letters that could not be sent: 2" in mail().body


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(digest, "_NAMED", 2)
    for _ in range(5):
        inquiry()
    assert "and 3 more" in mail().body
    with override("es"):
        assert digest.placeholder_values(timezone.now())["unread"].endswith(" y 3 más")


def test_what_is_erased_within_a_week_is_named_even_when_nothing_else_waits(settings, staff):
    made = inquiry()
    services.record_opened(made, staff)
    services.move_status(made, "closed", staff, "booked")
    assert not digest.has_content(timezone.now())
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS - 6))
    assert digest.has_content(timezone.now())
    heading = "Erased within a week, unless somebody writes, calls or a manager puts them on legal hold (1): "
    assert heading + made.reference in mail().body
