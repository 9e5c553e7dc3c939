from datetime import timedelta

import pytest
from django.utils import timezone

from screening.inquiries import search, services
from screening.models import Event, IndexToken, Inquiry, Letter, Note
from screening.outbox import queue
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_a_hold_has_a_reason_that_is_encrypted_and_leaves_an_event(staff):
    made = inquiry()
    services.place_hold(made, "the Rivera dispute", staff)
    made.refresh_from_db()
    assert made.is_on_hold
    note = made.notes.get(kind=Note.Kind.HELD)
    assert (note.text, note.author) == ("the Rivera dispute", staff)
    assert "Rivera" not in note.__dict__["text"]
    (event,) = made.events.filter(kind=Event.Kind.HELD)
    assert (event.actor, event.detail) == (staff, "")


def test_while_it_lasts_its_time_is_never_over(settings, staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS * 3))
    assert services.purge() == 0
    services.lift_hold(made, "settled", staff)
    assert services.purge() == 1


def test_people_go_on_working_on_it(staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    services.add_note(made, "called", staff)
    services.move_status(made, "in-review", staff)
    assert made.notes.count() == 2


def test_taken_back_on_hold_it_is_shut_and_kept(staff):
    made = inquiry()
    services.assign(made, staff, staff)
    queue.queue_letter(made, "ask-more", "which scan", staff)
    Letter.objects.filter(name="received").update(sent_at=timezone.now())
    services.place_hold(made, "a dispute", staff)
    services.withdraw(made.pk)
    made.refresh_from_db()
    assert (made.is_withdrawn, made.is_erased, made.assignee) == (True, False, None)
    assert made.contact["name"] == "Ana Pérez"
    assert IndexToken.objects.exists()
    assert sorted(made.letters.values_list("name", flat=True)) == ["new-inquiry", "received", "withdrawn"]
    assert made not in Inquiry.objects.not_restricted()
    with pytest.raises(services.IsWithdrawn):
        services.add_note(made, "still here", staff)
    with pytest.raises(services.IsWithdrawn):
        services.place_hold(made, "once more", staff)


def test_lifting_the_hold_erases_what_was_taken_back(staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    services.withdraw(made.pk)
    assert services.lift_hold(made, "settled", staff)
    made.refresh_from_db()
    assert made.is_erased
    assert (made.answers, made.contact) == (None, None)
    assert not Note.objects.exists()
    assert not IndexToken.objects.exists()
    assert made in Inquiry.objects.not_restricted()
    kinds = list(made.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["held", "withdrawn", "hold-lifted"]


def test_lifting_it_else_says_why_and_erases_nothing(staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    assert not services.lift_hold(made, "settled", staff)
    made.refresh_from_db()
    assert not made.is_on_hold
    assert made.notes.get(kind=Note.Kind.HOLD_LIFTED).text == "settled"
    assert made.contact["name"] == "Ana Pérez"


def test_a_second_hold_or_lift_is_refused(staff):
    made = inquiry()
    with pytest.raises(services.HoldUnchanged):
        services.lift_hold(made, "settled", staff)
    services.place_hold(made, "a dispute", staff)
    with pytest.raises(services.HoldUnchanged):
        services.place_hold(made, "another dispute", staff)


def test_a_colleague_who_was_faster_is_named(staff):
    made = inquiry()
    version = services.current_version(made)
    services.place_hold(made, "a dispute", staff)
    for write in (
        lambda: services.place_hold(made, "a dispute", staff, version=version),
        lambda: services.lift_hold(made, "settled", staff, version=version),
        lambda: services.erase_on_request(made, services.RequestChannel.PHONE, staff, version=version),
    ):
        with pytest.raises(services.Conflict) as stale:
            write()
        assert [event.kind for event in stale.value.events] == [Event.Kind.HELD]


def test_shut_ones_are_not_found_by_those_who_may_not_open_them(staff):
    first, second = inquiry(), inquiry()
    services.place_hold(first, "a dispute", staff)
    services.withdraw(first.pk)
    tokens = search.query_tokens("ana@example.com")
    assert set(Inquiry.objects.with_tokens(tokens)) == {first, second}
    assert set(Inquiry.objects.with_tokens(tokens).not_restricted()) == {second}
