"""What the desk says of an inquiry in a few words: its status, its language, how its promised reply stands."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language_info, gettext

from screening.inquiries import business_days
from screening.models import Inquiry


def status_label(inquiry: Inquiry) -> str:
    closed_as = f" ({inquiry.get_closed_as_display()})" if inquiry.closed_as else ""
    return f"{inquiry.get_status_display()}{closed_as}"


def language_name(code: str) -> str:
    """A language's name in the reader's language; its code where Django knows no name."""
    try:
        return get_language_info(code)["name_translated"]
    except KeyError:
        return code


@dataclass(frozen=True)
class ReplyDeadline:
    """How the promised first reply stands; ``is_late`` only while somebody still waits for it."""

    text: str
    is_late: bool = False


def reply_deadline(inquiry: Inquiry, now: datetime) -> ReplyDeadline:
    if inquiry.awaits_first_reply:
        return ReplyDeadline(business_days.time_left(inquiry.reply_due_at, now), is_late=inquiry.reply_due_at < now)
    return ReplyDeadline(gettext("replied") if inquiry.first_reply_at else "–")
