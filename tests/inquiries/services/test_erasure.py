from datetime import timedelta

import pytest
from django.utils import timezone

from screening.inquiries import services
from screening.models import ClosedAs, Consent, Event, IndexToken, Inquiry, LedgerEntry, Letter, Mark, Note, Status
from screening.outbox import queue
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_withdrawing_erases_all_but_reference_dates_and_proof(staff):
    made = inquiry()
    services.set_mark(made, "oa-imaging", "ask", "which scan", staff)
    services.add_note(made, "called", staff)
    queue.queue_letter(made, "ask-more", "which scan", staff)
    services.withdraw(made.pk)
    made.refresh_from_db()
    assert (made.answers, made.contact) == (None, None)
    assert (made.status, made.closed_as) == (Status.CLOSED, ClosedAs.WITHDRAWN)
    for model in (IndexToken, Mark, Note):
        assert not model.objects.exists()
    assert [letter.name for letter in Letter.objects.all()] == ["withdrawn"]
    assert Consent.objects.get().proof
    services.withdraw(made.pk)
    assert made.events.filter(kind=Event.Kind.WITHDRAWN).count() == 1


def test_nothing_is_written_to_an_inquiry_that_was_withdrawn(staff):
    made = inquiry()
    services.withdraw(made.pk)
    for write in (
        lambda: services.set_mark(made, "oa-imaging", "ask", "x", staff),
        lambda: services.add_note(made, "x", staff),
        lambda: services.assign(made, staff, staff),
        lambda: services.move_status(made, "in-review", staff, reason="x"),
        lambda: services.undo_status_move(made, staff),
        lambda: services.correct_contact(made, {"name": "x"}, staff),
        lambda: services.log_call(made, "x", staff),
        lambda: queue.queue_letter(made, "ask-more", "x", staff),
        lambda: services.place_hold(made, "x", staff),
        lambda: services.erase_on_request(made, services.RequestChannel.PHONE, staff),
    ):
        with pytest.raises(services.IsWithdrawn):
            write()
    assert not Mark.objects.exists()
    assert not Note.objects.exists()
    assert list(made.letters.values_list("name", flat=True)) == ["withdrawn"]


def test_staff_erase_because_they_were_asked_and_say_how(staff):
    made = inquiry()
    services.add_note(made, "called", staff)
    assert services.erase_on_request(made, services.RequestChannel.LETTER, staff)
    made.refresh_from_db()
    assert (made.answers, made.contact, made.closed_as) == (None, None, ClosedAs.WITHDRAWN)
    for model in (IndexToken, Note, Letter):
        assert not model.objects.exists()
    (event,) = made.events.filter(kind=Event.Kind.ERASED)
    assert (event.actor, event.detail) == (staff, "letter")
    assert Consent.objects.get().proof
    assert [entry.what for entry in LedgerEntry.objects.all()] == ["erased"]


def test_a_legal_hold_puts_an_erasure_on_request_off(staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    assert not services.erase_on_request(made, services.RequestChannel.PHONE, staff)
    made.refresh_from_db()
    assert (made.is_withdrawn, made.is_erased) == (True, False)
    assert services.lift_hold(made, "settled", staff)


def test_a_reason_that_is_not_on_the_list_is_refused(staff):
    made = inquiry()
    with pytest.raises(ValueError, match="because"):
        services.erase_on_request(made, "because he is ill", staff)
    made.refresh_from_db()
    assert made.contact


@pytest.mark.parametrize(
    ("days_left", "is_expiring"), [(-1, True), (1, True), (6, True), (8, False), (300, False)], ids=str
)
def test_staff_are_told_a_week_before(settings, days_left, is_expiring):
    made = inquiry()
    age = timedelta(days=settings.RETENTION_DAYS - days_left)
    Inquiry.objects.update(received_at=timezone.now() - age)
    assert (made in Inquiry.objects.expiring(timezone.now())) == is_expiring


def test_what_was_contacted_held_or_withdrawn_is_not_listed(settings, staff):
    contacted, on_hold, withdrawn, expiring = (inquiry() for _ in range(4))
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS - 1))
    services.log_call(contacted, "", staff)
    services.place_hold(on_hold, "a dispute", staff)
    services.withdraw(withdrawn.pk)
    assert list(Inquiry.objects.expiring(timezone.now())) == [expiring]
