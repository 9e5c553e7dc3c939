"""What staff read in place of stored values: people, contact details, letters, files."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from screening.inquiries import letters
from screening.inquiries.status import from_words
from screening.models import ClosedAs, Inquiry, Status

# Shorter than the questions that patients read.
CONTACT_WORDS = {
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
_LETTERS_OF_THEIR_OWN = {
    "received": _("Confirmation to the patient"),
    "new-inquiry": _("Notice to staff: new inquiry"),
    "overdue": _("Notice to staff: still unread"),
    "withdrawn": _("Notice to staff: withdrawn"),
    "digest": _("Notice to staff: the morning's digest"),
}

# What was taken out of the desk, by the name that its event has.
FILES = {
    "page": _("page for the medical record"),
    "json": _("JSON for the medical record"),
    "table": _("table without personal data"),
    "table-personal": _("table with personal data"),
}


def name_of(user: AbstractBaseUser | None) -> str:
    """Of a member of staff; a dash for an account that is gone."""
    return (user.get_full_name() or user.get_username()) if user else "–"


def letter_titles() -> dict[str, str]:
    """Every letter's title in the reader's language, by its name."""
    return _LETTERS_OF_THEIR_OWN | dict(letters.choices())


def status_for_reader(kept: str) -> str:
    """A status as events write it, in the reader's language; as it stands where it is of another time."""
    found = from_words(kept)
    if found is None:
        return kept
    status, closed_as = found
    closed_as = f" ({ClosedAs(closed_as).label})" if closed_as else ""
    return f"{Status(status).label}{closed_as}"


def wording_in(inquiry: Inquiry, language: str | None = None) -> dict:
    """The stored wording, in the reader's language by default; in the inquiry's own where it had none in that one."""
    content = inquiry.wording.content
    return content.get(language or get_language()) or content.get(inquiry.language) or next(iter(content.values()))
