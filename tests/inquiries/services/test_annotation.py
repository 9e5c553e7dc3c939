import pytest

from screening.inquiries import services
from screening.models import Event, Mark, Note
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_a_mark_that_changes_nothing_leaves_no_event(staff):
    made = inquiry()
    assert services.set_mark(made, "oa-imaging", "ask", "", staff)
    assert not services.set_mark(made, "oa-imaging", "ask", "", staff)
    assert made.events.filter(kind=Event.Kind.MARKED).count() == 1


def test_events_are_never_changed_or_deleted():
    event = inquiry().events.get()
    event.detail = "other"
    for change in (event.save, Event.objects.all().delete, lambda: Event.objects.update(detail="x")):
        with pytest.raises(TypeError):
            change()


def test_only_the_first_opening_counts_as_reading(staff):
    made = inquiry()
    services.record_opened(made, staff)
    made.refresh_from_db()
    first = made.first_opened_at
    services.record_opened(made, staff)
    made.refresh_from_db()
    assert made.first_opened_at == first


def test_several_rows_are_marked_together_or_not_at_all(staff):
    made = inquiry()
    version = services.current_version(made)
    services.set_mark(made, "oa-goals", "ask", "a colleague's", staff)
    rows = {"oa-imaging": ("ask", "which scan"), "oa-goals": ("discussed", "mine")}
    with pytest.raises(services.Conflict) as stale:
        services.set_marks(made, rows, staff, version=version)
    assert [event.detail for event in stale.value.events] == ["oa-goals"]
    assert {mark.row: mark.note for mark in Mark.objects.all()} == {"oa-goals": "a colleague's"}
    assert services.set_marks(made, rows, staff, version=services.current_version(made)) == ["oa-imaging", "oa-goals"]
    assert Mark.objects.count() == 2


def test_a_note_says_on_what_occasion_it_was_written(staff):
    made = inquiry()
    services.add_note(made, "a remark", staff)
    services.log_call(made, "will send a scan", staff)
    services.move_status(made, "closed", staff, "no-reply")
    services.move_status(made, "in-review", staff, reason="wrote again")
    assert [(note.kind, note.text) for note in Note.objects.all()] == [
        ("remark", "a remark"),
        ("call", "will send a scan"),
        ("reopened", "wrote again"),
    ]


def test_an_export_is_an_event_of_each_and_no_change(staff, django_assert_num_queries):
    several = [inquiry(), inquiry()]
    version = [services.current_version(made) for made in several]
    with django_assert_num_queries(1):
        services.record_exported(several, staff, "csv")
    events = Event.objects.filter(kind=Event.Kind.EXPORTED).values_list("inquiry", "detail", "actor")
    assert set(events) == {(made.pk, "csv", staff.pk) for made in several}
    assert [services.current_version(made) for made in several] == version
