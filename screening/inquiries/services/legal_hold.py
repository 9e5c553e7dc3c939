"""Places and lifts legal holds, which block erasure by retention and by withdrawal."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries.services.erasure import erase_content
from screening.inquiries.services.locking import (
    add_event,
    events_since,
    lock_for_change,
    lock_inquiry,
    raise_on_conflict,
)
from screening.models import Event, Inquiry, LedgerEntry, Note
from screening.privacy import erasure_log

_HOLD_KINDS = (Event.Kind.HELD, Event.Kind.HOLD_LIFTED)


class HoldUnchanged(Exception):
    """The inquiry is already on hold, or is not on hold."""


def place_hold(inquiry: Inquiry, reason: str, by: User, *, version: int | None = None) -> None:
    """Put an inquiry on legal hold and store the reason as a note; raises HoldUnchanged."""
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, *_HOLD_KINDS))
        if locked.is_on_hold:
            raise HoldUnchanged
        _set_hold(locked, timezone.now())
        Note.objects.create(inquiry=locked, text=reason, author=by, kind=Note.Kind.HELD)
        erasure_log.log_erasures([locked], LedgerEntry.What.HELD)
        add_event(locked, Event.Kind.HELD, by)


def lift_hold(inquiry: Inquiry, reason: str, by: User, *, version: int | None = None) -> bool:
    """Lift the hold, and erase the inquiry if it is withdrawn; returns whether it was erased. Raises HoldUnchanged."""
    with transaction.atomic():
        locked = lock_inquiry(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, *_HOLD_KINDS))
        if not locked.is_on_hold:
            raise HoldUnchanged
        _set_hold(locked, None)
        add_event(locked, Event.Kind.HOLD_LIFTED, by)
        if locked.is_withdrawn:
            erase_content(locked)
        else:
            Note.objects.create(inquiry=locked, text=reason, author=by, kind=Note.Kind.HOLD_LIFTED)
        what = LedgerEntry.What.WITHDRAWN if locked.is_withdrawn else LedgerEntry.What.LIFTED
        erasure_log.log_erasures([locked], what)
    return locked.is_erased


def _set_hold(inquiry: Inquiry, since: datetime | None) -> None:
    inquiry.held_since = since
    inquiry.save(update_fields=["held_since"])
