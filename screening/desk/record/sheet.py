"""The criterion sheet: each documented criterion, the questions about it, the answers, and staff's mark.

Rows and their order depend on the wording version only, never on an answer.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from screening.desk.labels import wording_in
from screening.models import Inquiry, Mark
from screening.questionnaire import answer_text

# Steps that the top of the page shows.
_NOT_ON_THE_SHEET = ("consent", "contact")

# By the prefix of a criterion's id, in the order of the sheet; questions without a criterion come last.
_GROUPS = {"ra": _("Rheumatoid arthritis"), "oa": _("Osteoarthritis"), "": _("Also asked")}


@dataclass(frozen=True)
class SheetAnswer:
    """A question and its answer as the patient read them, and both in the reader's language."""

    key: str
    question: str
    answer: str
    question_for_reader: str
    answer_for_reader: str
    state: str


@dataclass(frozen=True)
class SheetRow:
    """``id`` is the criterion's id, or the question's key where a question has no criterion."""

    id: str
    criterion: str
    asked: list[SheetAnswer]
    mark: Mark

    @property
    def group(self) -> str:
        """The title of its group."""
        return str(_GROUPS[_group(self.id) if self.criterion else ""])

    @property
    def name(self) -> str:
        """The criterion, or the question if there is none, in the reader's language."""
        return self.criterion or self.asked[0].question_for_reader


def sheet_of(inquiry: Inquiry) -> list[SheetRow]:
    """All rows of an inquiry that is not withdrawn. Raises DecryptionError."""
    asked = _answers(inquiry)
    criteria = wording_in(inquiry)["criteria"]
    marks = {mark.row: mark for mark in inquiry.marks.select_related("author")}
    return [
        SheetRow(
            row_id,
            criteria.get(row_id, ""),
            [answered for row, answered in asked.values() if row_id in (row.criteria or (row.key,))],
            marks.get(row_id) or Mark(inquiry=inquiry, row=row_id, note=""),
        )
        for row_id in _row_ids([row for row, _asked in asked.values()])
    ]


def _row_ids(questions: list[answer_text.AnswerRow]) -> list[str]:
    """By group, then by the order of the questions: not every database keeps the order of keys in stored criteria."""
    cited = dict.fromkeys(criterion for question in questions for criterion in question.criteria)
    of_none = [question.key for question in questions if not question.criteria]
    return [*sorted(cited, key=lambda criterion: list(_GROUPS).index(_group(criterion))), *of_none]


def _group(criterion: str) -> str:
    prefix = criterion.partition("-")[0]
    return prefix if prefix in _GROUPS else ""


def row_names(inquiry: Inquiry) -> dict[str, str]:
    """The name of each row in the reader's language, by row id. Decrypts nothing."""
    wording = wording_in(inquiry)
    questions: dict[str, str] = {
        question["key"]: question["label"] for step in wording["steps"] for question in step["questions"]
    }
    criteria: dict[str, str] = wording["criteria"]
    return questions | criteria


def condition_of(inquiry: Inquiry) -> str:
    """The answer to the condition question, in words. Raises DecryptionError."""
    if inquiry.is_erased:
        return "–"
    rows = answer_text.answer_rows(wording_in(inquiry), inquiry.answers)
    return next(row.answer for row in rows if row.key == "condition")


def _answers(inquiry: Inquiry) -> dict[str, tuple[answer_text.AnswerRow, SheetAnswer]]:
    """Every question of the sheet with its answer, by question key."""
    theirs = answer_text.answer_rows(wording_in(inquiry, inquiry.language), inquiry.answers)
    ours = {row.key: row for row in answer_text.answer_rows(wording_in(inquiry), inquiry.answers)}
    return {
        row.key: (
            row,
            SheetAnswer(row.key, row.question, row.answer, ours[row.key].question, ours[row.key].answer, row.state),
        )
        for row in theirs
        if row.slug not in _NOT_ON_THE_SHEET
    }
