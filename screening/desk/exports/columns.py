"""The columns of the CSV export: one inquiry a row, questions in the order of the questionnaire.

A question has two columns: the stored value, which never changes, and the answer as the patient read it. Without
personal data, contact details and free text are left out.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from screening.desk.labels import CONTACT_LABELS, staff_name, wording_in
from screening.desk.presenters import language_name
from screening.models import Inquiry, WordingVersion
from screening.privacy.encryption import DecryptionError
from screening.questionnaire import answer_text, wording_versions

# The same for everybody, since both are required; the proof of consent is stored elsewhere.
_CONSTANT_KEYS = ("adult", "consent")


@dataclass(frozen=True)
class DecryptedInquiry:
    """An inquiry, decrypted once for all columns; a withdrawn one has no values."""

    inquiry: Inquiry
    values: dict[str, Any]
    words: dict[str, str]

    @classmethod
    def of(cls, inquiry: Inquiry) -> "DecryptedInquiry":
        if inquiry.is_withdrawn:
            return cls(inquiry, {}, {})
        try:
            values = {**inquiry.answers, **inquiry.contact}
        except DecryptionError:
            return cls(inquiry, {}, dict.fromkeys(_asked(), gettext("cannot be opened")))
        with override(inquiry.language):  # country names of phone numbers
            rows = answer_text.answer_rows(wording_in(inquiry, inquiry.language), values)
        return cls(inquiry, values, {row.key: row.answer for row in rows})


@dataclass(frozen=True)
class Column:
    heading: str
    cell: Callable[[DecryptedInquiry], str]


def columns(*, personal: bool) -> list[Column]:
    """The columns, with headings in the active language."""
    found = _administrative()
    for slug, question in _asked().values():
        is_contact = slug == "contact"
        if question["key"] not in _CONSTANT_KEYS and (personal or not is_contact and question["options"]):
            found += _of_contact(question) if is_contact else _of_answer(question)
    return found


def _asked() -> dict[str, tuple[str, dict[str, Any]]]:
    """(step slug, question) by key: of the current wording, then those that only former wordings have."""
    former = WordingVersion.objects.order_by("-first_used_at").values_list("content", flat=True)
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for content in (wording_versions.current_wording()[1], *former):
        for step in (content.get(get_language()) or next(iter(content.values())))["steps"]:
            for question in step["questions"]:
                found.setdefault(question["key"], (step["slug"], question))
    return found


def _administrative() -> list[Column]:
    return [
        Column(gettext("Reference"), lambda opened: opened.inquiry.reference),
        Column(gettext("Received"), lambda opened: _moment(opened.inquiry.received_at)),
        Column(gettext("First opened"), lambda opened: _moment(opened.inquiry.first_opened_at)),
        Column(gettext("Reply due"), lambda opened: _moment(opened.inquiry.reply_due_at)),
        Column(gettext("First reply"), lambda opened: _moment(opened.inquiry.first_reply_at)),
        Column(gettext("Last contact"), lambda opened: _moment(opened.inquiry.last_contact_at)),
        Column(gettext("Status"), lambda opened: opened.inquiry.get_status_display()),
        Column(gettext("Closed as"), lambda opened: opened.inquiry.get_closed_as_display()),
        Column(gettext("Assigned to"), lambda opened: _assignee(opened.inquiry)),
        Column(gettext("Language"), lambda opened: language_name(opened.inquiry.language)),
    ]


def _of_contact(question: dict[str, Any]) -> list[Column]:
    key = question["key"]
    return [Column(str(CONTACT_LABELS.get(key, question["label"])), lambda opened: opened.words.get(key, ""))]


def _of_answer(question: dict[str, Any]) -> list[Column]:
    key = question["key"]
    words = Column(question["label"], lambda opened: opened.words.get(key, ""))
    if not question["options"]:
        return [words]
    return [Column(key, lambda opened: _stored(opened.values.get(key, ""))), words]


def _stored(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " ".join(value)


def _assignee(inquiry: Inquiry) -> str:
    return staff_name(inquiry.assignee) if inquiry.assignee else ""


def _moment(at: datetime | None) -> str:
    """In the clinic's time zone, in a format that spreadsheets of all locales read."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def cells(inquiry: Inquiry, chosen: Iterable[Column]) -> list[str]:
    opened = DecryptedInquiry.of(inquiry)
    return [neutralize_formula(column.cell(opened)) for column in chosen]


def neutralize_formula(text: str) -> str:
    """Prefix an apostrophe to a text that a spreadsheet would take for a formula (CSV injection).

    Leading white space and control characters are skipped, and full-width forms count as their usual ones.
    """
    first = next((char for char in text if not char.isspace() and unicodedata.category(char)[0] != "C"), "")
    is_like_a_formula = unicodedata.normalize("NFKC", first)[:1] in tuple("=+-@")
    return f"'{text}" if is_like_a_formula or text[:1] in ("\t", "\r", "\n") else text
