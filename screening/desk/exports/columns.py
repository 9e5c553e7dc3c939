"""Inquiries as a table for a spreadsheet: one a line, the questions in the order in which they are asked.

Every question has two columns: the value that is stored, which is for ever, and the answer as its patient read it.
Without personal data neither the contact details nor what people typed in their own words are among them.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from screening.desk.labels import CONTACT_LABELS, staff_name, wording_in
from screening.desk.presenters import language_name
from screening.models import Inquiry, WordingVersion
from screening.privacy.encryption import DecryptionError
from screening.questionnaire import answer_text, wording_versions

# Ticked before the start, so the same for everybody; the evidence of consent is kept apart.
_CONSTANT_KEYS = ("adult", "consent")


@dataclass(frozen=True)
class DecryptedInquiry:
    """An inquiry with its seal opened once for all columns; of one that was withdrawn nothing is left to open."""

    inquiry: Inquiry
    values: dict
    words: dict[str, str]

    @classmethod
    def of(cls, inquiry: Inquiry) -> "DecryptedInquiry":
        if inquiry.is_withdrawn:
            return cls(inquiry, {}, {})
        try:
            values = {**inquiry.answers, **inquiry.contact}
        except DecryptionError:
            return cls(inquiry, {}, dict.fromkeys(_asked(), gettext("cannot be opened")))
        rows = answer_text.answer_rows(wording_in(inquiry, inquiry.language), values)
        return cls(inquiry, values, {row.key: row.answer for row in rows})


@dataclass(frozen=True)
class Column:
    heading: str
    cell: Callable[[DecryptedInquiry], str]


def columns(*, personal: bool) -> list[Column]:
    """In the reader's language, as it is while this is called."""
    found = _administrative()
    for slug, question in _asked().values():
        is_contact = slug == "contact"
        if question["key"] not in _CONSTANT_KEYS and (personal or not is_contact and question["options"]):
            found += _of_contact(question) if is_contact else _of_answer(question)
    return found


def _asked() -> dict[str, tuple[str, dict]]:
    """Every question of the wording in force, then those that only former ones had: its step's slug, and its words."""
    former = WordingVersion.objects.order_by("-first_used_at").values_list("content", flat=True)
    found: dict[str, tuple[str, dict]] = {}
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


def _of_contact(question: dict) -> list[Column]:
    key = question["key"]
    return [Column(str(CONTACT_LABELS.get(key, question["label"])), lambda opened: opened.words.get(key, ""))]


def _of_answer(question: dict) -> list[Column]:
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
    """In the clinic's time, as spreadsheets read it in any language."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def cells(inquiry: Inquiry, wanted: Iterable[Column]) -> list[str]:
    opened = DecryptedInquiry.of(inquiry)
    return [neutralize_formula(column.cell(opened)) for column in wanted]


def neutralize_formula(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: what begins like one is led in by an apostrophe.

    Blanks and control characters at the beginning are looked through, and wide forms taken for their usual ones.
    """
    first = next((char for char in text if not char.isspace() and unicodedata.category(char)[0] != "C"), "")
    is_like_a_formula = unicodedata.normalize("NFKC", first)[:1] in tuple("=+-@")
    return f"'{text}" if is_like_a_formula or text[:1] in ("\t", "\r", "\n") else text
