"""Presenters that inbox and record share: status, language, reply deadline."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language_info, gettext

from screening.inquiries import business_days
from screening.models import Inquiry


def status_label(inquiry: Inquiry) -> str:
    closed_as = f" ({inquiry.get_closed_as_display()})" if inquiry.closed_as else ""
    return f"{inquiry.get_status_display()}{closed_as}"


def language_name(code: str) -> str:
    """The language's name in the reader's language; its code if Django has no name for it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


@dataclass(frozen=True)
class ReplyDeadline:
    """State of the promised first reply; ``is_late`` only while it is still owed."""

    text: str
    is_late: bool = False


def reply_deadline(inquiry: Inquiry, now: datetime) -> ReplyDeadline:
    if inquiry.awaits_reply:
        return ReplyDeadline(business_days.time_left(inquiry.reply_due_at, now), is_late=inquiry.reply_due_at < now)
    return ReplyDeadline(gettext("replied") if inquiry.first_reply_at else "–")
