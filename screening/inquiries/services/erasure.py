"""Erases inquiries that the patient withdraws or asks staff to erase.

Each erasure is written to the erasure log, so that a restore repeats it.
"""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from screening.inquiries.services.appointments import end_appointments, erase_appointments
from screening.inquiries.services.locking import (
    add_event,
    events_since,
    lock_for_change,
    lock_inquiry,
    raise_on_conflict,
)
from screening.models import ClosedAs, Event, Inquiry, LedgerEntry, Letter, Status
from screening.privacy import erasure_log


class RequestChannel(models.TextChoices):
    """How the person asked staff to erase. No free text, which could contain personal data."""

    PHONE = "phone", _("by phone")
    EMAIL = "e-mail", _("by e-mail")
    LETTER = "letter", _("by letter")
    IN_PERSON = "in person", _("in person")
    AUTHORITY = "authority", _("through an authority or a court")


def withdraw(inquiry_id: UUID) -> None:
    """Erase what the patient sent and what staff wrote about it, and queue a letter to staff.

    Reference, dates and the proof of consent stay. An inquiry on legal hold is only closed; lifting the hold erases it.
    """
    with transaction.atomic():
        inquiry = lock_inquiry(inquiry_id)
        if inquiry.is_withdrawn:
            return
        _withdraw(inquiry, LedgerEntry.What.WITHDRAWN)
        Letter.objects.create(inquiry=inquiry, name="withdrawn")
        add_event(inquiry, Event.Kind.WITHDRAWN)


def erase_on_request(inquiry: Inquiry, channel: str, by: User, *, version: int | None = None) -> bool:
    """Erase on the patient's request to staff; returns False if a legal hold postpones it."""
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, Event.Kind.HELD, Event.Kind.HOLD_LIFTED))
        _withdraw(locked, LedgerEntry.What.ERASED)
        add_event(locked, Event.Kind.ERASED, by, RequestChannel(channel).value)
    return locked.is_erased


def _withdraw(inquiry: Inquiry, what: str) -> None:
    close_as_withdrawn(inquiry)
    if inquiry.is_on_hold:
        erasure_log.log_erasures([inquiry], LedgerEntry.What.SHUT)
    else:
        erase_content(inquiry)
        erasure_log.log_erasures([inquiry], what)


def close_as_withdrawn(inquiry: Inquiry) -> None:
    """Close the inquiry as withdrawn, end its appointments and delete unsent letters to the patient."""
    end_appointments(inquiry)
    inquiry.status, inquiry.closed_as, inquiry.assignee = Status.CLOSED, ClosedAs.WITHDRAWN, None
    inquiry.save(update_fields=["status", "closed_as", "assignee"])
    inquiry.letters.exclude(name__in=Letter.TO_STAFF).filter(sent_at=None).delete()


def erase_content(inquiry: Inquiry) -> None:
    """Delete everything but the inquiry's reference, dates, status and events."""
    erase_appointments(inquiry)
    contents = inquiry.tokens, inquiry.marks, inquiry.notes, inquiry.messages, inquiry.accesses
    for related in contents:
        related.all().delete()
    inquiry.letters.exclude(appointment__in=inquiry.appointments.all()).delete()
    inquiry.answers = inquiry.contact = None
    inquiry.save(update_fields=["answers", "contact"])
