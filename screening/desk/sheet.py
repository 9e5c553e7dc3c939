"""The criterion sheet: each documented criterion, what was asked about it, the answer, and staff's mark.

The rows and their order depend on the version of the wording alone, never on an answer.
"""

from dataclasses import dataclass

from django.utils.translation import get_language

from screening.models import Inquiry, Mark
from screening.questionnaire import readback

# Questions about the person rather than a criterion are shown at the top of the sheet.
_AT_TOP = {"who", "adult", "consent"}


@dataclass(frozen=True)
class Asked:
    """A question and its answer as the patient read them, and the answer in the reader's own language."""

    question: str
    answer: str
    in_reader_language: str
    state: str


@dataclass(frozen=True)
class SheetRow:
    """``id`` is the criterion's id, or the question's key where a question has no criterion."""

    id: str
    criterion: str
    asked: list[Asked]
    mark: Mark


@dataclass(frozen=True)
class Sheet:
    rows: list[SheetRow]
    contact: list[readback.Row]
    about: list[readback.Row]


def sheet_of(inquiry: Inquiry) -> Sheet:
    """The whole sheet of an inquiry that is not withdrawn; raises SealBroken when it cannot be opened."""
    asked, contact, about = _read(inquiry)
    criteria = _in(inquiry, get_language())["criteria"]
    marks = {mark.row: mark for mark in inquiry.marks.select_related("author")}
    row_ids = [*criteria, *(key for key, (row, _) in asked.items() if not row.criteria)]
    rows = [
        SheetRow(
            row_id,
            criteria.get(row_id, ""),
            [
                answered
                for row, answered in asked.values()
                if row_id in row.criteria or row_id == row.key and not row.criteria
            ],
            marks.get(row_id) or Mark(inquiry=inquiry, row=row_id, note=""),
        )
        for row_id in row_ids
    ]
    return Sheet(rows, contact, about)


def condition_of(inquiry: Inquiry) -> str:
    """The answer to the condition question, in words, as answered."""
    if inquiry.is_erased:
        return "–"
    rows = readback.rows(_in(inquiry, get_language()), inquiry.answers)
    return next(row.answer for row in rows if row.key == "condition")


def _read(inquiry: Inquiry):
    """Every question with its answer, the contact details, and what was said before the start."""
    theirs = readback.rows(_in(inquiry, inquiry.language), inquiry.answers)
    ours = {row.key: row for row in readback.rows(_in(inquiry, get_language()), inquiry.answers)}
    contact = readback.rows(_in(inquiry, get_language()), inquiry.contact)
    asked = {
        row.key: (row, Asked(row.question, row.answer, ours[row.key].answer, row.state))
        for row in theirs
        if row.slug != "contact" and row.key not in _AT_TOP
    }
    return asked, [row for row in contact if row.slug == "contact"], [row for row in ours.values() if row.key == "who"]


def _in(inquiry: Inquiry, language: str) -> dict:
    """The stored wording in a language; in the inquiry's own where that version had no such language."""
    content = inquiry.wording.content
    return content.get(language) or content.get(inquiry.language) or next(iter(content.values()))
