"""Assigns inquiries, moves their status along the table of moves, and undoes a move."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries.services.annotation import add_note
from screening.inquiries.services.locking import add_event, events_since, lock_for_staff, raise_on_conflict
from screening.inquiries.status_moves import format_status, moves_from, parse_status
from screening.models import ClosedAs, Event, Inquiry, Note, Status

# Long enough to notice a mistake, short enough that no colleague has acted on the wrong status.
UNDO_WINDOW = timedelta(minutes=10)
_MOVES = (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)


class IllegalMove(Exception):
    """The table of moves does not allow it, or the reason is missing."""


class NothingToUndo(Exception):
    """The last move is a colleague's, too old, or already undone."""


def assign(inquiry: Inquiry, to, by: User, *, version: int | None = None) -> None:
    """Assign the inquiry to a member of staff, or to nobody (None)."""
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        if held.assignee_id == (to.pk if to else None):
            return
        raise_on_conflict(held, events_since(held, version, Event.Kind.ASSIGNED))
        held.assignee = to
        held.save(update_fields=["assignee"])
        add_event(held, Event.Kind.ASSIGNED, by, to.get_username() if to else "")


def move_status(
    inquiry: Inquiry, to: str, by: User, closed_as: str = "", reason: str = "", *, version: int | None = None
) -> None:
    """Move the status along the table; closing names how, reopening says why (kept as a note).

    Raises IllegalMove when the table, as the record stands now, does not allow it.
    """
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_since(held, version, *_MOVES))
        is_reopening = held.status == Status.CLOSED
        if to not in moves_from(held) or (is_reopening and not reason):
            raise IllegalMove
        if (to == Status.CLOSED) != (closed_as in ClosedAs.values) or closed_as == ClosedAs.WITHDRAWN:
            raise IllegalMove
        _set_status(held, to, closed_as, Event.Kind.MOVED, by)
        if reason:
            add_note(held, reason, by, kind=Note.Kind.REOPENED if is_reopening else Note.Kind.REMARK)


def undoable_move(inquiry: Inquiry, by: User) -> Event | None:
    """The move that this member of staff may still undo: the last one, their own, not older than UNDO_WITHIN."""
    last = inquiry.events.filter(kind__in=_MOVES).order_by("-pk").first()
    if last is None or last.kind != Event.Kind.MOVED or last.actor_id != by.pk:
        return None
    if inquiry.is_withdrawn or timezone.now() - last.at > UNDO_WINDOW:
        return None
    return last if _previous_status(last) else None


def undo_status_move(inquiry: Inquiry, by: User, *, version: int | None = None) -> None:
    """Restore the status before the last move, as an event of its own; raises NothingToUndo."""
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_since(held, version, *_MOVES))
        last = undoable_move(held, by)
        if last is None:
            raise NothingToUndo
        status, closed_as = _previous_status(last)
        _set_status(held, status, closed_as, Event.Kind.MOVE_UNDONE, by)


def _set_status(held: Inquiry, status: str, closed_as: str, kind: str, by: User) -> None:
    before = format_status(held.status, held.closed_as)
    held.status, held.closed_as = status, closed_as
    held.save(update_fields=["status", "closed_as"])
    add_event(held, kind, by, f"{before} → {format_status(status, closed_as)}")


def _previous_status(moved: Event) -> tuple[str, str] | None:
    """Status and kind of closing that a move began at, as its event tells them."""
    return parse_status(moved.detail.partition(" → ")[0])
