"""Assigns inquiries, moves their status, and undoes a move."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries.services.annotation import add_note
from screening.inquiries.services.locking import add_event, events_since, lock_for_change, raise_on_conflict
from screening.inquiries.status_moves import format_status, moves_from, parse_status
from screening.models import ClosedAs, Event, Inquiry, Note, Status

# Long enough to notice a mistake, short enough that colleagues rarely act on the wrong status.
UNDO_WINDOW = timedelta(minutes=10)
_MOVE_KINDS = (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)


class IllegalMove(Exception):
    """The table of moves does not allow the move, or its reason or kind of closing is missing or wrong."""


class NothingToUndo(Exception):
    """There is no move, or the last one is a colleague's, too old, or already undone."""


def assign(inquiry: Inquiry, to: User | None, by: User, *, version: int | None = None) -> None:
    """Assign the inquiry to a member of staff, or to nobody (None)."""
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        if locked.assignee_id == (to.pk if to else None):
            return
        raise_on_conflict(locked, events_since(locked, version, Event.Kind.ASSIGNED))
        locked.assignee = to
        locked.save(update_fields=["assignee"])
        add_event(locked, Event.Kind.ASSIGNED, by, to.get_username() if to else "")


def move_status(
    inquiry: Inquiry, to: str, by: User, closed_as: str = "", reason: str = "", *, version: int | None = None
) -> None:
    """Move the status; closing needs ``closed_as``, reopening needs ``reason``. A reason is stored as a note.

    Raises IllegalMove if the table of moves does not allow it from the current status.
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, *_MOVE_KINDS))
        is_reopening = locked.status == Status.CLOSED
        if to not in moves_from(locked) or (is_reopening and not reason):
            raise IllegalMove
        if (to == Status.CLOSED) != (closed_as in ClosedAs.values) or closed_as == ClosedAs.WITHDRAWN:
            raise IllegalMove
        set_status(locked, to, closed_as, Event.Kind.MOVED, by)
        if reason:
            add_note(locked, reason, by, kind=Note.Kind.REOPENED if is_reopening else Note.Kind.REMARK)


def undoable_move(inquiry: Inquiry, by: User) -> Event | None:
    """The last move, if it is by this member of staff and not older than UNDO_WINDOW; else None."""
    last = inquiry.events.filter(kind__in=_MOVE_KINDS).order_by("-pk").first()
    if last is None or last.kind != Event.Kind.MOVED or last.actor_id != by.pk:
        return None
    if inquiry.is_withdrawn or timezone.now() - last.at > UNDO_WINDOW:
        return None
    return last if _previous_status(last) else None


def undo_status_move(inquiry: Inquiry, by: User, *, version: int | None = None) -> None:
    """Restore the status before the last move, and add an event; raises NothingToUndo."""
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, *_MOVE_KINDS))
        last = undoable_move(locked, by)
        previous = _previous_status(last) if last else None
        if previous is None:
            raise NothingToUndo
        set_status(locked, *previous, Event.Kind.MOVE_UNDONE, by)


def set_status(inquiry: Inquiry, status: str, closed_as: str, kind: str, by: User | None) -> None:
    """Set the status of a locked inquiry, with an event that names it before and after."""
    before = format_status(inquiry.status, inquiry.closed_as)
    inquiry.status, inquiry.closed_as = status, closed_as
    inquiry.save(update_fields=["status", "closed_as"])
    add_event(inquiry, kind, by, f"{before} → {format_status(status, closed_as)}")


def _previous_status(moved: Event) -> tuple[str, str] | None:
    """Status and kind of closing before a move, parsed from its event; None if the event does not name both."""
    return parse_status(moved.detail.partition(" → ")[0])
