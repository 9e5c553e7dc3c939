"""What staff read in place of stored values: people, contact details, letters, files."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from screening.inquiries.status_moves import parse_status
from screening.models import ClosedAs, Inquiry, Status
from screening.outbox import letters

# Shorter than the questions that patients read.
CONTACT_LABELS = {
    "who": _("For whom"),
    "name": _("Name"),
    "patient-name": _("Name of the patient"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
    "channel": _("Wishes to be answered"),
    "best-time": _("Good time to call"),
    "leave-message": _("May we leave a message?"),
    "language": _("Wishes the answer in"),
}

# Those that nobody chooses; the others are called by what staff choose them for.
_AUTOMATIC_LETTERS = {
    "received": _("Confirmation to the patient"),
    "new-inquiry": _("Notice to staff: new inquiry"),
    "overdue": _("Notice to staff: still unread"),
    "withdrawn": _("Notice to staff: withdrawn"),
    "digest": _("Notice to staff: the morning's digest"),
}

# What was taken out of the desk, by the name that its event has.
EXPORT_LABELS = {
    "page": _("page for the medical record"),
    "json": _("JSON for the medical record"),
    "table": _("table without personal data"),
    "table-personal": _("table with personal data"),
}


def staff_name(user: AbstractBaseUser | None) -> str:
    """Of a member of staff; a dash for an account that is gone."""
    return (user.get_full_name() or user.get_username()) if user else "–"


def letter_titles() -> dict[str, str]:
    """Every letter's title in the reader's language, by its name."""
    return _AUTOMATIC_LETTERS | dict(letters.letter_choices())


def translated_status(kept: str) -> str:
    """A status as events write it, in the reader's language; as it stands where it is of another time."""
    found = parse_status(kept)
    if found is None:
        return kept
    status, closed_as = found
    closed_as = f" ({ClosedAs(closed_as).label})" if closed_as else ""
    return f"{Status(status).label}{closed_as}"


def wording_in(inquiry: Inquiry, language: str | None = None) -> dict:
    """The stored wording, in the reader's language by default; in the inquiry's own where it had none in that one."""
    content = inquiry.wording.content
    return content.get(language or get_language()) or content.get(inquiry.language) or next(iter(content.values()))
