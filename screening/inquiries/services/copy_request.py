"""Requests by patients for a copy of their data."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from screening.inquiries.patient_links import COPY_OPENS_FOR
from screening.inquiries.services.locking import add_event, lock_inquiry
from screening.models import Event, Inquiry, Letter


def request_copy(inquiry_id: UUID) -> bool:
    """Queue a letter with a link to the copy, unless `is_copy_pending`.

    Returns False if the inquiry is withdrawn or has no e-mail address.
    """
    with transaction.atomic():
        inquiry = lock_inquiry(inquiry_id)
        if inquiry.is_withdrawn or not inquiry.contact.get("email"):
            return False
        if not is_copy_pending(inquiry):
            Letter.objects.create(inquiry=inquiry, name="copy")
            add_event(inquiry, Event.Kind.COPY_ASKED)
    return True


def is_copy_pending(inquiry: Inquiry) -> bool:
    """Whether a copy is queued, or the link of one that was sent is still valid; a withheld one counts as sent."""
    copies, still_open = inquiry.letters.filter(name="copy"), timezone.now() - COPY_OPENS_FOR
    recent = Q(sent_at__gt=still_open) | Q(within_limit=False, set_aside_at__gt=still_open)
    return copies.unsent().exists() or copies.filter(recent).exists()
