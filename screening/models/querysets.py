"""In which words inquiries are found, and in which order they are read."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q

from screening.models.status import ClosedAs, Turn

# The promise is the same for all who wrote on one day; among them the order is that of arrival.
INBOX_ORDER = ("turn", "reply_due_at", "received_at", "id")

ERASURE_NOTICE = timedelta(days=7)  # so long before an inquiry is erased staff are told


class InquiryQuerySet(models.QuerySet):
    def with_tokens(self, tokens: list[str]) -> Self:
        """Those whose blind index holds every token. Joined: an inquiry has a token once, so none is found twice."""
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
        """Open ones that no member of staff has opened."""
        return self.open().filter(first_opened_at=None)

    def overdue(self, now: datetime) -> Self:
        """Open ones without a first reply whose promised time is over."""
        return self.open().filter(first_reply_at=None, reply_due_at__lt=now)

    def assigned_to(self, user: User) -> Self:
        """All of a member of staff, closed ones too: put ``open()`` behind it for what is to be done."""
        return self.filter(assignee=user)

    def not_restricted(self) -> Self:
        """Without those that were taken back while on legal hold: they are Managers' alone."""
        return self.exclude(closed_as=ClosedAs.WITHDRAWN, held_since__isnull=False)

    def due_for_erasure(self, now: datetime) -> Self:
        """Those whose last contact lies RETENTION_DAYS back, whatever their status, and that nobody holds.

        Where there was no contact, the day counts on which the inquiry came.
        """
        end = now - timedelta(days=settings.RETENTION_DAYS)
        # Every contact comes after the arrival, so the first condition narrows the search to old ones by their index.
        came_long_ago = self.filter(received_at__lt=end, held_since=None)
        return came_long_ago.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=end))

    def expiring(self, now: datetime) -> Self:
        """Those that this will happen to within a week, unless somebody writes, calls or holds them."""
        return self.due_for_erasure(now + ERASURE_NOTICE).exclude(closed_as=ClosedAs.WITHDRAWN)

    def longest_waiting_first(self) -> Self:
        """Those that wait for us before the others, open before closed, the earliest promise first.

        Nothing else counts. Every one of the words above is read in this order from an index, without sorting.
        """
        return self.order_by(*INBOX_ORDER)
