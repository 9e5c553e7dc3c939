"""Labels for staff in place of stored values: people, contact details, letters, exports, statuses."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from screening.inquiries.status_moves import parse_status
from screening.models import ClosedAs, Inquiry, Status
from screening.outbox import letters
from screening.questionnaire.types import Text

# Shorter than the questions for patients.
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

# Letters that staff cannot choose; the others have the titles from which staff choose.
_AUTOMATIC_LETTERS = {
    "received": _("Confirmation to the patient"),
    "code": _("Code for the patient's page"),
    "message": _("Mail that there is a message"),
    "times-offered": _("Mail that times are offered"),
    "appointment-confirmed": _("Mail: appointment confirmed"),
    "appointment-moved": _("Mail: appointment moved"),
    "appointment-cancelled": _("Mail: appointment cancelled"),
    "appointment-reminder": _("Reminder of the appointment"),
    "appointment": _("Notice to staff: appointment"),
    "replied": _("Notice to staff: message from the patient"),
    "new-inquiry": _("Notice to staff: new inquiry"),
    "overdue": _("Notice to staff: still unread"),
    "withdrawn": _("Notice to staff: withdrawn"),
    "digest": _("Notice to staff: the morning's digest"),
    "purge-stopped": _("Notice to staff: old inquiries are not being erased"),
    "watch-stopped": _("Notice to staff: nothing watches the website"),
}

# Kinds of exports, by the detail of their event.
EXPORT_LABELS = {
    "page": _("page for the medical record"),
    "json": _("JSON for the medical record"),
    "table": _("table without personal data"),
    "table-personal": _("table with personal data"),
}


def staff_name(user: User | None) -> str:
    """Full name, or user name; a dash for a deleted account."""
    return (user.get_full_name() or user.get_username()) if user else "–"


def letter_titles() -> dict[str, Text]:
    """Titles of all letters in the reader's language, by name."""
    return {**_AUTOMATIC_LETTERS, **dict(letters.letter_choices())}


def translated_status(stored: str) -> str:
    """The status stored in an event, in the reader's language; unchanged if today's code does not know it."""
    parsed = parse_status(stored)
    if parsed is None:
        return stored
    status, closed_as = parsed
    suffix = f" ({ClosedAs(closed_as).label})" if closed_as else ""
    return f"{Status(status).label}{suffix}"


def wording_in(inquiry: Inquiry, language: str | None = None) -> dict[str, Any]:
    """The stored wording in ``language``, by default the reader's; else in the inquiry's language, else in any."""
    content: dict[str, dict[str, Any]] = inquiry.wording.content
    return content.get(language or get_language()) or content.get(inquiry.language) or next(iter(content.values()))
