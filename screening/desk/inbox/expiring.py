"""Inquiries whose time is nearly over: named above the inbox for a week, so that none goes unnoticed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from screening.accounts import permissions
from screening.models import Inquiry

_LISTED = 10


@dataclass(frozen=True)
class ExpiringInquiries:
    """The first to have come; ``has_more`` where there are others."""

    inquiries: list[Inquiry]
    has_more: bool


def expiring_inquiries(user: AbstractBaseUser, now: datetime) -> ExpiringInquiries | None:
    """For those who may keep one by a letter, a call or a hold; None for others, or where none fades."""
    if not permissions.may_edit(user):
        return None
    soon = Inquiry.objects.expiring(now).only("pk", "reference")
    # By arrival, since an index has that order; so those that stay are never looked at.
    found = list(soon.order_by("received_at", "pk")[: _LISTED + 1])
    return ExpiringInquiries(found[:_LISTED], len(found) > _LISTED) if found else None
