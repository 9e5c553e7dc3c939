"""Erases inquiries: withdrawn by the patient, on request to staff, or at the end of their retention.

Each erasure is written to the erasure log, so that a restored backup is erased again.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.inquiries.services.locking import (
    add_event,
    events_since,
    lock_for_staff,
    lock_inquiry,
    raise_on_conflict,
)
from screening.models import ClosedAs, Event, Inquiry, LedgerEntry, Letter, Status
from screening.privacy import erasure_log

_AT_ONCE = 100  # inquiries that purge erases in one transaction
_ABOUT_NOBODY_FOR = timedelta(days=30)  # letters such as the digest


class RequestChannel(models.TextChoices):
    """How the person asked staff to erase. There is no free text, which would keep what is to be erased."""

    PHONE = "phone", _("by phone")
    EMAIL = "e-mail", _("by e-mail")
    LETTER = "letter", _("by letter")
    IN_PERSON = "in person", _("in person")
    AUTHORITY = "authority", _("through an authority or a court")


def withdraw(inquiry_id: UUID) -> None:
    """Erase what the patient sent and what staff wrote about it, and notify staff.

    Reference, dates and the proof of consent stay. On legal hold it is closed instead; lifting the hold erases it.
    """
    with transaction.atomic():
        held = lock_inquiry(inquiry_id)
        if held.is_withdrawn:
            return
        _withdraw(held, LedgerEntry.What.WITHDRAWN)
        Letter.objects.create(inquiry=held, name="withdrawn")
        add_event(held, Event.Kind.WITHDRAWN)


def erase_on_request(inquiry: Inquiry, asked_by: str, by: User, *, version: int | None = None) -> bool:
    """Erase on the patient's request to staff; returns False where a legal hold postpones it."""
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_since(held, version, Event.Kind.HELD, Event.Kind.HOLD_LIFTED))
        _withdraw(held, LedgerEntry.What.ERASED)
        add_event(held, Event.Kind.ERASED, by, RequestChannel(asked_by).value)
    return held.is_erased


def _withdraw(held: Inquiry, what: str) -> None:
    close_as_withdrawn(held)
    if held.is_on_hold:
        erasure_log.log_erasures([held], LedgerEntry.What.SHUT)
    else:
        erase_content(held)
        erasure_log.log_erasures([held], what)


def close_as_withdrawn(held: Inquiry) -> None:
    """Close it as withdrawn, and delete the unsent letters to the patient."""
    held.status, held.closed_as, held.assignee = Status.CLOSED, ClosedAs.WITHDRAWN, None
    held.save(update_fields=["status", "closed_as", "assignee"])
    held.letters.exclude(name__in=Letter.TO_STAFF).filter(sent_at=None).delete()


def erase_content(held: Inquiry) -> None:
    """Delete everything but reference, dates and events."""
    for written in (held.tokens, held.marks, held.notes, held.letters):
        written.all().delete()
    held.answers = held.contact = None
    held.save(update_fields=["answers", "contact"])


def purge() -> int:
    """Delete the inquiries past their retention, whatever their status, except those on hold; returns how many.

    The proof of consent stays. A row that is locked at this moment is left to the next run.
    """
    now, count = timezone.now(), 0
    while erased := _purge_batch(now):
        count += erased
    Letter.objects.filter(inquiry=None, owed_at__lt=now - _ABOUT_NOBODY_FOR).delete()
    return count


def _purge_batch(now: datetime) -> int:
    with transaction.atomic():
        due = Inquiry.objects.due_for_erasure(now).select_for_update(skip_locked=True).only("pk").order_by("pk")
        some = list(due[:_AT_ONCE])
        if some:
            erasure_log.log_erasures(some, LedgerEntry.What.PURGED)
            Inquiry.objects.filter(pk__in=[inquiry.pk for inquiry in some]).delete()
    return len(some)
