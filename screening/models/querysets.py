"""The queryset of inquiries, and the order of the inbox."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from screening.models.status import ClosedAs, Turn

if TYPE_CHECKING:
    from screening.models.inquiries import Inquiry  # noqa: F401 (named in a string)

# Inquiries of one day have the same reply_due_at; among them, the earliest comes first.
INBOX_ORDER = ("turn", "reply_due_at", "received_at", "id")

ERASURE_NOTICE = timedelta(days=7)  # how long before an erasure staff are notified


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def with_tokens(self, tokens: list[str]) -> Self:
        """Inquiries with every token in their blind index. Joins without duplicates: tokens are unique per inquiry."""
        found = self
        for token in tokens:
            found = found.filter(tokens__token=token)
        return found

    def open(self) -> Self:
        return self.filter(turn__lt=Turn.NOBODY)

    def closed(self) -> Self:
        return self.filter(turn=Turn.NOBODY)

    def waiting_for_us(self) -> Self:
        return self.filter(turn=Turn.OURS)

    def waiting_for_patient(self) -> Self:
        return self.filter(turn=Turn.PATIENT)

    def unread(self) -> Self:
        """Open inquiries that no member of staff has opened."""
        return self.open().filter(first_opened_at=None)

    def overdue(self, now: datetime) -> Self:
        """Open inquiries that await a reply, past their reply deadline."""
        return self.open().filter(unanswered_since__isnull=False, reply_due_at__lt=now)

    def assigned_to(self, user: User) -> Self:
        """All inquiries assigned to a user, closed ones too."""
        return self.filter(assignee=user)

    def not_restricted(self) -> Self:
        """Exclude inquiries withdrawn during a legal hold, which only Managers may see."""
        return self.exclude(closed_as=ClosedAs.WITHDRAWN, held_since__isnull=False)

    def due_for_erasure(self, now: datetime) -> Self:
        """Inquiries, not on hold, whose last contact (or arrival, without one) was RETENTION_DAYS ago or earlier."""
        end = now - timedelta(days=settings.RETENTION_DAYS)
        # No contact is earlier than the arrival, so this condition excludes nothing but lets the index be used.
        received_earlier = self.filter(received_at__lt=end, held_since=None)
        return received_earlier.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=end))

    def expiring(self, now: datetime) -> Self:
        """Inquiries due for erasure within a week, unless there is a contact or a hold."""
        return self.due_for_erasure(now + ERASURE_NOTICE).exclude(closed_as=ClosedAs.WITHDRAWN)

    def longest_waiting_first(self) -> Self:
        """Order by whose turn it is (ours, the patient's, closed), then by reply deadline.

        Each filter above is served in this order from an index, without sorting.
        """
        return self.order_by(*INBOX_ORDER)
