from datetime import timedelta

import pytest
from django.utils import timezone

from screening.inquiries import records, search
from screening.models import Event, IndexToken, Inquiry, Letter, Note
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_a_hold_has_a_reason_that_is_sealed_and_leaves_an_event(staff):
    made = inquiry()
    records.hold(made, "the Rivera dispute", staff)
    made.refresh_from_db()
    assert made.is_on_hold
    held = made.notes.get(kind=Note.Kind.HELD)
    assert (held.text, held.author) == ("the Rivera dispute", staff)
    assert "Rivera" not in held.__dict__["text"]
    (event,) = made.events.filter(kind=Event.Kind.HELD)
    assert (event.actor, event.detail) == (staff, "")


def test_while_it_lasts_its_time_is_never_over(settings, staff):
    made = inquiry()
    records.hold(made, "a dispute", staff)
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS * 3))
    assert records.purge() == 0
    records.lift_hold(made, "settled", staff)
    assert records.purge() == 1


def test_people_go_on_working_on_it(staff):
    made = inquiry()
    records.hold(made, "a dispute", staff)
    records.note(made, "called", staff)
    records.move(made, "in-review", staff)
    assert made.notes.count() == 2


def test_taken_back_on_hold_it_is_shut_and_kept(staff):
    made = inquiry()
    records.assign(made, staff, staff)
    records.send_letter(made, "ask-more", "which scan", staff)
    Letter.objects.filter(name="received").update(sent_at=timezone.now())
    records.hold(made, "a dispute", staff)
    records.withdraw(made.pk)
    made.refresh_from_db()
    assert (made.is_withdrawn, made.is_erased, made.assignee) == (True, False, None)
    assert made.contact["name"] == "Ana Pérez"
    assert IndexToken.objects.exists()
    assert sorted(made.letters.values_list("name", flat=True)) == ["new-inquiry", "received", "withdrawn"]
    assert made not in Inquiry.objects.not_shut()
    with pytest.raises(records.IsWithdrawn):
        records.note(made, "still here", staff)
    with pytest.raises(records.IsWithdrawn):
        records.hold(made, "once more", staff)


def test_lifting_the_hold_erases_what_was_taken_back(staff):
    made = inquiry()
    records.hold(made, "a dispute", staff)
    records.withdraw(made.pk)
    assert records.lift_hold(made, "settled", staff)
    made.refresh_from_db()
    assert made.is_erased
    assert (made.answers, made.contact) == (None, None)
    assert not Note.objects.exists()
    assert not IndexToken.objects.exists()
    assert made in Inquiry.objects.not_shut()
    kinds = list(made.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["held", "withdrawn", "hold-lifted"]


def test_lifting_it_else_says_why_and_erases_nothing(staff):
    made = inquiry()
    records.hold(made, "a dispute", staff)
    assert not records.lift_hold(made, "settled", staff)
    made.refresh_from_db()
    assert not made.is_on_hold
    assert made.notes.get(kind=Note.Kind.HOLD_LIFTED).text == "settled"
    assert made.contact["name"] == "Ana Pérez"


def test_twice_is_told(staff):
    made = inquiry()
    with pytest.raises(records.HoldUnchanged):
        records.lift_hold(made, "settled", staff)
    records.hold(made, "a dispute", staff)
    with pytest.raises(records.HoldUnchanged):
        records.hold(made, "another dispute", staff)


def test_a_colleague_who_was_faster_is_named(staff):
    made = inquiry()
    seen = records.newest_event(made)
    records.hold(made, "a dispute", staff)
    for write in (
        lambda: records.hold(made, "a dispute", staff, seen=seen),
        lambda: records.lift_hold(made, "settled", staff, seen=seen),
        lambda: records.erase_on_request(made, records.AskedBy.PHONE, staff, seen=seen),
    ):
        with pytest.raises(records.Stale) as stale:
            write()
        assert [event.kind for event in stale.value.events] == [Event.Kind.HELD]


def test_shut_ones_are_not_found_by_those_who_may_not_open_them(staff):
    first, second = inquiry(), inquiry()
    records.hold(first, "a dispute", staff)
    records.withdraw(first.pk)
    tokens = search.tokens_sought("ana@example.com")
    assert set(Inquiry.objects.bearing(tokens)) == {first, second}
    assert set(Inquiry.objects.bearing(tokens).not_shut()) == {second}
