"""Call, note, assignment and status in one transaction."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model

from screening.inquiries import services
from screening.inquiries.services import Work
from screening.models import Event, Note
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
EVERYTHING = {"is_call": True, "note": "She will bring the scan", "status": "in-review"}


def test_all_of_it_is_written_and_each_part_has_its_event(staff):
    made = inquiry()
    services.record_work(made, Work(reassigns=True, assignee=staff, **EVERYTHING), staff, version=0)
    made.refresh_from_db()
    assert (made.status, made.assignee) == ("in-review", staff)
    assert made.first_reply_at
    note = made.notes.get()
    assert (note.kind, note.text) == (Note.Kind.CALL, "She will bring the scan")
    kinds = set(made.events.values_list("kind", flat=True))
    assert {Event.Kind.CALLED, Event.Kind.ASSIGNED, Event.Kind.MOVED} <= kinds


def test_a_note_without_a_call_is_a_note_and_no_reply(staff):
    made = inquiry()
    services.record_work(made, Work(note="Call after lunch"), staff)
    made.refresh_from_db()
    assert made.notes.get().kind == Note.Kind.REMARK
    assert made.first_reply_at is None


def test_an_illegal_move_writes_nothing_at_all(staff):
    made = inquiry()
    with pytest.raises(services.IllegalMove):
        services.record_work(made, Work(is_call=True, note="x", status="offered"), staff)
    made.refresh_from_db()
    assert not made.notes.exists()
    assert made.first_reply_at is None


@pytest.mark.parametrize(
    ("by_then", "work"),
    [
        (lambda made, luz: services.move_status(made, "in-review", luz), Work(status="in-review")),
        (lambda made, luz: services.assign(made, luz, luz), Work(reassigns=True, note="x")),
        (lambda made, luz: services.receive_message(made.pk, "Wait", uuid4()), Work(status="closed", closed_as="spam")),
        (lambda made, luz: services.receive_call_time(made.pk, "evening", "x", uuid4()), Work(is_call=True)),
    ],
    ids=["status", "assignment", "message of the patient", "other call time"],
)
def test_what_happened_meanwhile_stops_all_of_it(staff, by_then, work):
    made, luz = inquiry(), get_user_model().objects.create_superuser("luz")
    version = services.current_version(made)
    by_then(made, luz)
    events = made.events.count()
    with pytest.raises(services.Conflict):
        services.record_work(made, work, staff, version=version)
    assert made.events.count() == events
    assert not made.notes.exists()


def test_a_colleagues_note_or_move_does_not_stand_in_the_way_of_a_call(staff):
    made, luz = inquiry(), get_user_model().objects.create_superuser("luz")
    version = services.current_version(made)
    services.add_note(made, "theirs", luz)
    services.move_status(made, "in-review", luz)
    services.record_work(made, Work(is_call=True, note="mine"), staff, version=version)
    assert made.notes.count() == 2


def test_sent_twice_it_is_written_once(staff):
    made = inquiry()
    version = services.current_version(made)
    services.record_work(made, Work(**EVERYTHING), staff, version=version)
    with pytest.raises(services.Conflict):
        services.record_work(made, Work(is_call=True, note="She will bring the scan"), staff, version=version)
    assert made.notes.count() == 1
