"""The content of the morning digest to staff: references and counts, no personal data."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import ngettext

from screening.models import Inquiry, InquiryQuerySet, Letter
from screening.models.letters import LetterQuerySet

_NAMED = 20  # references listed per section


def has_content(now: datetime) -> bool:
    return any(rows.exists() for rows in _sections(now).values())


def placeholder_values(now: datetime) -> dict[str, str]:
    """The placeholders of the letter ``digest``; an empty value removes its line."""
    sections = _sections(now)
    references = {name: _references(rows) for name, rows in sections.items() if isinstance(rows, InquiryQuerySet)}
    counts = {f"{name}_count": _count(rows) for name, rows in sections.items()}
    return references | counts | {"inbox_link": settings.SITE_URL + reverse("admin:screening_inquiry_changelist")}


def _sections(now: datetime) -> dict[str, InquiryQuerySet | LetterQuerySet]:
    inquiries = Inquiry.objects
    return {
        "overdue": inquiries.overdue(now),
        "unread": inquiries.unread(),
        "waiting": inquiries.waiting_for_us(),
        "soon_erased": inquiries.expiring(now),
        "failed": Letter.objects.failed(),
    }


def _references(inquiries: InquiryQuerySet) -> str:
    references = list(inquiries.longest_waiting_first().values_list("reference", flat=True)[:_NAMED])
    more, listed = inquiries.count() - len(references), ", ".join(references)
    if more <= 0:
        return listed
    return listed + ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}


def _count(rows: InquiryQuerySet | LetterQuerySet) -> str:
    """Empty instead of 0."""
    return str(rows.count() or "")
