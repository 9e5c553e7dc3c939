"""Presenter of the letters of an inquiry: title, author, and state of delivery."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from screening.desk.labels import letter_titles, staff_name
from screening.models import Inquiry, Letter


@dataclass(frozen=True)
class LetterSummary:
    """``delivery_state`` since ``at``; ``paragraph`` is the author's free text."""

    id: object
    name: str
    title: str
    author: str
    paragraph: str
    delivery_state: str
    at: datetime
    owed_at: datetime
    has_failed: bool


def letters_of(inquiry: Inquiry) -> list[LetterSummary]:
    """Letters to the patient, newest first; notices to staff only if they failed. Raises DecryptionError."""
    titles, notices = letter_titles(), Letter.TO_STAFF
    found = inquiry.letters.select_related("author").order_by("-owed_at", "pk")
    return [_summary(letter, titles) for letter in found if letter.name not in notices or letter.gave_up_at]


def _summary(letter: Letter, titles: dict[str, str]) -> LetterSummary:
    delivery_state, at = _delivery_state(letter)
    return LetterSummary(
        letter.pk,
        letter.name,
        str(titles.get(letter.name, letter.name)),
        staff_name(letter.author) if letter.author else "",
        letter.free_text or "",
        delivery_state,
        at,
        letter.owed_at,
        letter.gave_up_at is not None and letter.set_aside_at is None,
    )


def _delivery_state(letter: Letter) -> tuple[str, datetime]:
    if letter.sent_at:
        return _("sent"), letter.sent_at
    if letter.is_withheld and letter.set_aside_at:
        return _("was not sent, because this address had had its three mails of the day"), letter.set_aside_at
    if letter.set_aside_at:
        return _("could not be sent, and was set aside"), letter.set_aside_at
    if letter.gave_up_at:
        return _("could not be sent"), letter.gave_up_at
    if letter.tries:
        return _("could not be sent yet, and is tried again"), letter.owed_at
    return _("is being sent"), letter.owed_at
