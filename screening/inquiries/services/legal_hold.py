"""Places and lifts legal holds: an inquiry on hold is erased neither by retention nor by withdrawal."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries.services.erasure import erase_content
from screening.inquiries.services.locking import (
    add_event,
    events_since,
    lock_for_staff,
    lock_inquiry,
    raise_on_conflict,
)
from screening.models import Event, Inquiry, LedgerEntry, Note
from screening.privacy import erasure_log

_ABOUT_HOLDS = (Event.Kind.HELD, Event.Kind.HOLD_LIFTED)


class HoldUnchanged(Exception):
    """The inquiry is already on hold, or is not on hold."""


def place_hold(inquiry: Inquiry, reason: str, by: User, *, version: int | None = None) -> None:
    """Put an inquiry on legal hold; the reason is kept as a note. Raises HoldUnchanged."""
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_since(held, version, *_ABOUT_HOLDS))
        if held.is_on_hold:
            raise HoldUnchanged
        _set_hold(held, timezone.now())
        Note.objects.create(inquiry=held, text=reason, author=by, kind=Note.Kind.HELD)
        erasure_log.log_erasures([held], LedgerEntry.What.HELD)
        add_event(held, Event.Kind.HELD, by)


def lift_hold(inquiry: Inquiry, reason: str, by: User, *, version: int | None = None) -> bool:
    """Lift the hold and erase what was withdrawn meanwhile; returns whether it was erased. Raises HoldUnchanged."""
    with transaction.atomic():
        held = lock_inquiry(inquiry.pk)
        raise_on_conflict(held, events_since(held, version, *_ABOUT_HOLDS))
        if not held.is_on_hold:
            raise HoldUnchanged
        _set_hold(held, None)
        add_event(held, Event.Kind.HOLD_LIFTED, by)
        if held.is_withdrawn:
            erase_content(held)
        else:
            Note.objects.create(inquiry=held, text=reason, author=by, kind=Note.Kind.HOLD_LIFTED)
        erasure_log.log_erasures([held], LedgerEntry.What.WITHDRAWN if held.is_withdrawn else LedgerEntry.What.LIFTED)
    return held.is_erased


def _set_hold(held: Inquiry, since: datetime | None) -> None:
    held.held_since = since
    held.save(update_fields=["held_since"])
