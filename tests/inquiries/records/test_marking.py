import pytest

from screening.inquiries import records
from screening.models import Event, Mark, Note
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_a_mark_that_changes_nothing_leaves_no_event(staff):
    made = inquiry()
    assert records.mark(made, "oa-imaging", "ask", "", staff)
    assert not records.mark(made, "oa-imaging", "ask", "", staff)
    assert made.events.filter(kind=Event.Kind.MARKED).count() == 1


def test_events_are_never_changed_or_deleted():
    event = inquiry().events.get()
    event.detail = "other"
    for change in (event.save, Event.objects.all().delete, lambda: Event.objects.update(detail="x")):
        with pytest.raises(TypeError):
            change()


def test_only_the_first_opening_counts_as_reading(staff):
    made = inquiry()
    records.opened(made, staff)
    made.refresh_from_db()
    first = made.first_opened_at
    records.opened(made, staff)
    made.refresh_from_db()
    assert made.first_opened_at == first


def test_several_rows_are_marked_together_or_not_at_all(staff):
    made = inquiry()
    seen = records.newest_event(made)
    records.mark(made, "oa-goals", "ask", "a colleague's", staff)
    rows = {"oa-imaging": ("ask", "which scan"), "oa-goals": ("discussed", "mine")}
    with pytest.raises(records.Stale) as stale:
        records.mark_rows(made, rows, staff, seen=seen)
    assert [event.detail for event in stale.value.events] == ["oa-goals"]
    assert {mark.row: mark.note for mark in Mark.objects.all()} == {"oa-goals": "a colleague's"}
    assert records.mark_rows(made, rows, staff, seen=records.newest_event(made)) == ["oa-imaging", "oa-goals"]
    assert Mark.objects.count() == 2


def test_a_note_says_on_what_occasion_it_was_written(staff):
    made = inquiry()
    records.note(made, "a remark", staff)
    records.log_call(made, "will send a scan", staff)
    records.move(made, "closed", staff, "no-reply")
    records.move(made, "in-review", staff, reason="wrote again")
    assert [(note.kind, note.text) for note in Note.objects.all()] == [
        ("remark", "a remark"),
        ("call", "will send a scan"),
        ("reopened", "wrote again"),
    ]


def test_an_export_is_an_event_of_each_and_no_change(staff, django_assert_num_queries):
    several = [inquiry(), inquiry()]
    seen = [records.newest_event(made) for made in several]
    with django_assert_num_queries(1):
        records.exported(several, staff, "csv")
    told = Event.objects.filter(kind=Event.Kind.EXPORTED).values_list("inquiry", "detail", "actor")
    assert set(told) == {(made.pk, "csv", staff.pk) for made in several}
    assert [records.newest_event(made) for made in several] == seen
