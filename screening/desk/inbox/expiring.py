"""Inquiries that retention erases within a week: listed above the inbox."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from screening.accounts import permissions
from screening.models import Inquiry

_LISTED = 10


@dataclass(frozen=True)
class ExpiringInquiries:
    """The earliest ones; ``has_more`` if there are others."""

    inquiries: list[Inquiry]
    has_more: bool


def expiring_inquiries(user: User, now: datetime) -> ExpiringInquiries | None:
    """For users who may postpone it by a letter, a call or a hold; None for others, or if there are none."""
    if not permissions.may_edit(user):
        return None
    soon = Inquiry.objects.expiring(now).only("pk", "reference")
    # By arrival, the order of an index, so that only expiring rows are read.
    found = list(soon.order_by("received_at", "pk")[: _LISTED + 1])
    return ExpiringInquiries(found[:_LISTED], len(found) > _LISTED) if found else None
