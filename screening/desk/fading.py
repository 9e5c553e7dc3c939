"""Inquiries whose time is nearly over: named above the inbox for a week, so that none goes unnoticed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from screening.desk import rights
from screening.models import Inquiry

_NAMED = 10


@dataclass(frozen=True)
class Fading:
    """The first to have come; ``has_more`` where there are others."""

    inquiries: list[Inquiry]
    has_more: bool


def fading(user: AbstractBaseUser, now: datetime) -> Fading | None:
    """For those who may keep one by a letter, a call or a hold; None for others, or where none fades."""
    if not rights.may_work(user):
        return None
    soon = Inquiry.objects.soon_erased(now).only("pk", "reference")
    # By arrival, since an index has that order; so those that stay are never looked at.
    found = list(soon.order_by("received_at", "pk")[: _NAMED + 1])
    return Fading(found[:_NAMED], len(found) > _NAMED) if found else None
