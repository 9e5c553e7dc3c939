from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from screening.inquiries import services
from screening.models import ClosedAs, Event, Inquiry, Note, Status
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


LEGAL = {
    ("new", "in-review"),
    ("new", "closed"),
    ("in-review", "waiting"),
    ("in-review", "offered"),
    ("in-review", "closed"),
    ("waiting", "in-review"),
    ("waiting", "offered"),
    ("waiting", "closed"),
    ("offered", "in-review"),
    ("offered", "waiting"),
    ("offered", "closed"),
    ("closed", "in-review"),
}


@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("after", Status.values)
def test_the_table_of_moves_is_the_only_way(before, after, staff):
    made = inquiry()
    made.status, made.closed_as = before, ClosedAs.NO_REPLY if before == "closed" else ""
    made.save()
    closed_as = ClosedAs.BOOKED if after == "closed" else ""
    reason = "wrote again" if before == "closed" else ""
    if (before, after) in LEGAL:
        services.move_status(made, after, staff, closed_as, reason)
    else:
        with pytest.raises(services.IllegalMove):
            services.move_status(made, after, staff, closed_as, reason)
    made.refresh_from_db()
    assert made.status == (after if (before, after) in LEGAL else before)


def test_closing_needs_its_word_reopening_its_reason_and_withdrawn_stays_closed(staff):
    made = inquiry()
    with pytest.raises(services.IllegalMove):
        services.move_status(made, "closed", staff)
    with pytest.raises(services.IllegalMove):
        services.move_status(made, "closed", staff, "withdrawn")
    services.move_status(made, "closed", staff, "no-reply")
    with pytest.raises(services.IllegalMove):
        services.move_status(made, "in-review", staff)
    services.move_status(made, "in-review", staff, reason="called back")
    services.withdraw(made.pk)
    with pytest.raises(services.IsWithdrawn):
        services.move_status(made, "in-review", staff, reason="no")


def test_a_move_made_stale_by_a_colleague_changes_nothing(staff):
    mine = inquiry()
    theirs = Inquiry.objects.get(pk=mine.pk)
    services.move_status(theirs, "closed", staff, "spam")
    with pytest.raises(services.IllegalMove):
        services.move_status(mine, "in-review", staff)


def where(made: Inquiry) -> tuple[str, str]:
    return Inquiry.objects.values_list("status", "closed_as").get(pk=made.pk)


def test_a_slip_is_undone_by_a_new_event(staff):
    made = inquiry()
    services.move_status(made, "closed", staff, "spam")
    assert services.undoable_move(made, staff).detail == "new → closed (spam)"
    services.undo_status_move(made, staff)
    assert where(made) == ("new", "")
    events = list(made.events.exclude(kind=Event.Kind.RECEIVED).values_list("kind", "detail", "actor"))
    assert events == [
        ("moved", "new → closed (spam)", staff.pk),
        ("move-undone", "closed (spam) → new", staff.pk),
    ]


def test_undoing_a_reopening_closes_it_as_it_was_closed(staff):
    made = inquiry()
    services.move_status(made, "closed", staff, "duplicate")
    services.move_status(made, "in-review", staff, reason="not the same person")
    services.undo_status_move(made, staff)
    assert where(made) == ("closed", "duplicate")


def test_only_the_last_own_and_recent_move_is_undone_and_once(staff):
    made, colleague = inquiry(), User.objects.create_user("colleague")
    for nothing_yet in (staff, colleague):
        with pytest.raises(services.NothingToUndo):
            services.undo_status_move(made, nothing_yet)
    services.move_status(made, "in-review", staff)
    with pytest.raises(services.NothingToUndo):
        services.undo_status_move(made, colleague)
    with time_machine.travel(timezone.now() + services.UNDO_WINDOW + timedelta(seconds=1)):
        assert services.undoable_move(made, staff) is None
        with pytest.raises(services.NothingToUndo):
            services.undo_status_move(made, staff)
    services.undo_status_move(made, staff)
    with pytest.raises(services.NothingToUndo):
        services.undo_status_move(made, staff)
    assert where(made) == ("new", "")


def test_an_event_that_does_not_say_how_it_was_closed_cannot_be_undone(staff):
    made = inquiry()
    services.move_status(made, "in-review", staff)
    Event.objects.create(inquiry=made, kind=Event.Kind.MOVED, detail="closed → in-review", actor=staff)
    assert services.undoable_move(made, staff) is None


def test_giving_it_to_who_has_it_already_leaves_no_event(staff):
    made = inquiry()
    services.assign(made, staff, staff)
    services.assign(made, staff, staff)
    assert made.events.filter(kind=Event.Kind.ASSIGNED).count() == 1
    services.assign(made, None, staff)
    made.refresh_from_db()
    assert made.assignee is None


def test_the_reason_of_a_reopening_is_a_note_of_its_own_kind(staff):
    made = inquiry()
    services.move_status(made, "closed", staff, "spam", "by mistake, it seems")
    services.move_status(made, "in-review", staff, reason="It was a person")
    kinds = dict(made.notes.values_list("kind", "pk"))
    assert set(kinds) == {Note.Kind.REMARK, Note.Kind.REOPENED}
