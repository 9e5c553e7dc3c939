"""The criterion sheet: each documented criterion, what was asked about it, the answer, and staff's mark.

The rows and their order depend on the version of the wording alone, never on an answer.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from screening.desk.labels import wording_in
from screening.models import Inquiry, Mark
from screening.questionnaire import answer_text

# What is asked before the start stands at the top of the sheet, with the contact details.
_NOT_ON_THE_SHEET = ("consent", "contact")

# In their order on the sheet, by the beginning of a criterion's id; what has no criterion comes last.
_GROUPS = {"ra": _("Rheumatoid arthritis"), "oa": _("Osteoarthritis"), "": _("Also asked")}


@dataclass(frozen=True)
class SheetAnswer:
    """A question and its answer as the patient read them, and both in the reader's own language."""

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
        """The title under which it stands."""
        return _GROUPS[_group(self.id) if self.criterion else ""]

    @property
    def name(self) -> str:
        """The criterion, or the question where there is none, in the reader's language."""
        return self.criterion or self.asked[0].question_for_reader


def sheet_of(inquiry: Inquiry) -> list[SheetRow]:
    """All rows of an inquiry that is not withdrawn; raises SealBroken when it cannot be opened."""
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
    """Group by group in the order of the questions. That of the criteria themselves is not kept by every database."""
    cited = dict.fromkeys(criterion for question in questions for criterion in question.criteria)
    of_none = [question.key for question in questions if not question.criteria]
    return [*sorted(cited, key=lambda criterion: list(_GROUPS).index(_group(criterion))), *of_none]


def _group(criterion: str) -> str:
    prefix = criterion.partition("-")[0]
    return prefix if prefix in _GROUPS else ""


def row_names(inquiry: Inquiry) -> dict[str, str]:
    """What each row is about, in the reader's language, by its id. Needs no answer."""
    wording = wording_in(inquiry)
    questions = {question["key"]: question["label"] for step in wording["steps"] for question in step["questions"]}
    return questions | wording["criteria"]


def condition_of(inquiry: Inquiry) -> str:
    """The answer to the condition question, in words, as answered."""
    if inquiry.is_erased:
        return "–"
    rows = answer_text.answer_rows(wording_in(inquiry), inquiry.answers)
    return next(row.answer for row in rows if row.key == "condition")


def _answers(inquiry: Inquiry) -> dict[str, tuple[answer_text.AnswerRow, SheetAnswer]]:
    """Every question of the sheet with its answer."""
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
