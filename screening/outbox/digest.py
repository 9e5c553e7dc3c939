"""What waits on the desk this morning, for the mail to staff: references and counts, nothing else."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from screening.models import Inquiry, InquiryQuerySet, Letter

_NAMED = 20  # references of one kind in a mail; the inbox has the rest


def has_content(now: datetime) -> bool:
    return any(found.exists() for found in _told(now).values())


def placeholder_values(now: datetime) -> dict[str, str]:
    """The blanks of the letter ``digest``; what there is none of is empty, so that its line is left out."""
    told = {name: _references(found) for name, found in _told(now).items() if name != "failed"}
    counts = {f"{name}_count": _count(found) for name, found in _told(now).items()}
    return told | counts | {"inbox_link": settings.SITE_URL + reverse("admin:screening_inquiry_changelist")}


def _told(now: datetime) -> dict:
    inquiries = Inquiry.objects
    return {
        "overdue": inquiries.overdue(now),
        "unread": inquiries.unread(),
        "waiting": inquiries.waiting_for_us(),
        "soon_erased": inquiries.expiring(now),
        "failed": Letter.objects.failed(),
    }


def _references(found: InquiryQuerySet) -> str:
    named = list(found.longest_waiting_first().values_list("reference", flat=True)[:_NAMED])
    more = found.count() - len(named)
    told = ", ".join(named)
    return told + ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more} if more > 0 else told


def _count(found: Any) -> str:
    """Empty rather than 0."""
    return str(found.count() or "")
