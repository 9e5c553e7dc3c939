"""What is erased: an inquiry that its patient takes back, and those whose time is over."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from screening.inquiries.records.writing import leave_event, locked
from screening.models import ClosedAs, Event, Inquiry, Letter, Status


def withdraw(inquiry_id: UUID) -> None:
    """Erase at once what the patient sent and what staff wrote about it, and let staff know.

    Reference, dates and the proof of consent stay.
    """
    with transaction.atomic():
        inquiry = locked(inquiry_id)
        if inquiry.is_withdrawn:
            return
        for written in (inquiry.tokens, inquiry.marks, inquiry.notes, inquiry.letters):
            written.all().delete()
        inquiry.answers = inquiry.contact = None
        inquiry.status, inquiry.closed_as, inquiry.assignee = Status.CLOSED, ClosedAs.WITHDRAWN, None
        inquiry.save()
        Letter.objects.create(inquiry=inquiry, name="withdrawn")
        leave_event(inquiry, Event.Kind.WITHDRAWN)


def purge() -> int:
    """Erase the inquiries whose last contact lies RETENTION_DAYS back, whatever their status; returns how many.

    Where there was no contact, the day counts on which the inquiry came. The evidence of consent stays.
    """
    end = timezone.now() - timedelta(days=settings.RETENTION_DAYS)
    with transaction.atomic():
        # Every contact comes after the arrival, so the first condition narrows the search to old ones by their index.
        came_long_ago = Inquiry.objects.filter(received_at__lt=end)
        due = came_long_ago.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=end))
        count = due.count()
        due.delete()
        Letter.objects.filter(inquiry=None, owed_at__lt=end).delete()
    return count
