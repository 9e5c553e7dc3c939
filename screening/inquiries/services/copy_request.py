"""A patient requests a copy of their data."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from screening.inquiries.patient_links import COPY_OPENS_FOR
from screening.inquiries.services.locking import add_event, lock_inquiry
from screening.models import Event, Inquiry, Letter


def request_copy(inquiry_id: UUID) -> bool:
    """Queue a letter with a link to the copy; returns whether one is pending or its link still opens.

    False when there is no e-mail address to send it to.
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
    """Whether a copy is queued, or was sent so recently that its link still opens."""
    copies = inquiry.letters.filter(name="copy")
    return copies.unsent().exists() or copies.filter(sent_at__gt=timezone.now() - COPY_OPENS_FOR).exists()
