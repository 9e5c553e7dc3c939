"""The legal hold: while it lasts an inquiry is not erased, neither by its time nor when its patient takes it back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from screening.inquiries import ledger
from screening.inquiries.records.erasing import erase
from screening.inquiries.records.writing import done_since, leave_event, locked, locked_for_work, refuse_if_stale
from screening.models import Event, Inquiry, LedgerEntry, Note

_ABOUT_HOLDS = (Event.Kind.HELD, Event.Kind.HOLD_LIFTED)


class HoldUnchanged(Exception):
    """It is on hold already, or not on hold at all."""


def hold(inquiry: Inquiry, reason: str, by, *, seen: int | None = None) -> None:
    """Put an inquiry on legal hold; the reason is kept as a note. Raises HoldUnchanged."""
    with transaction.atomic():
        held = locked_for_work(inquiry.pk)
        refuse_if_stale(held, done_since(held, seen, *_ABOUT_HOLDS))
        if held.is_on_hold:
            raise HoldUnchanged
        _put(held, timezone.now())
        Note.objects.create(inquiry=held, text=reason, author=by, kind=Note.Kind.HELD)
        ledger.note([held], LedgerEntry.What.HELD)
        leave_event(held, Event.Kind.HELD, by)


def lift_hold(inquiry: Inquiry, reason: str, by, *, seen: int | None = None) -> bool:
    """Lift it; what was taken back meanwhile is erased now. Returns whether it was. Raises HoldUnchanged."""
    with transaction.atomic():
        held = locked(inquiry.pk)
        refuse_if_stale(held, done_since(held, seen, *_ABOUT_HOLDS))
        if not held.is_on_hold:
            raise HoldUnchanged
        _put(held, None)
        leave_event(held, Event.Kind.HOLD_LIFTED, by)
        if held.is_withdrawn:
            erase(held)
        else:
            Note.objects.create(inquiry=held, text=reason, author=by, kind=Note.Kind.HOLD_LIFTED)
        ledger.note([held], LedgerEntry.What.WITHDRAWN if held.is_withdrawn else LedgerEntry.What.LIFTED)
    return held.is_erased


def _put(held: Inquiry, since: datetime | None) -> None:
    held.held_since = since
    held.save(update_fields=["held_since"])
