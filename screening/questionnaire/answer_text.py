"""Answers as text, in any language of a wording version: for the check page, the sheet and the copy."""

from dataclasses import dataclass

from screening.questionnaire.phones import with_country
from screening.questionnaire.types import Answers

ANSWERED, NOT_ANSWERED, NOT_ASKED = "answered", "not-answered", "not-asked"


@dataclass(frozen=True)
class AnswerRow:
    """One question and its answer; ``state`` is ANSWERED, NOT_ANSWERED or NOT_ASKED."""

    key: str
    slug: str
    question: str
    answer: str
    state: str
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnswerSection:
    title: str
    rows: list[AnswerRow]


def answer_rows(wording: dict, answers: Answers, empty: str = "not_answered") -> list[AnswerRow]:
    """All questions of one language's wording with answers; ``empty`` is the key in "words" for an empty answer."""
    return [
        _row(wording, step, question, answers, empty) for step in wording["steps"] for question in step["questions"]
    ]


def answer_sections(wording: dict, answers: Answers) -> list[AnswerSection]:
    """The questions that were asked, grouped by section; for the patient."""
    titles = {step["slug"]: step["section"] for step in wording["steps"]}
    grouped: dict[str, list[AnswerRow]] = {}
    for row in answer_rows(wording, answers, empty="not_provided"):
        if row.state != NOT_ASKED:
            grouped.setdefault(titles[row.slug], []).append(row)
    return [AnswerSection(title, rows) for title, rows in grouped.items()]


def _row(wording: dict, step: dict, question: dict, answers: Answers, empty: str) -> AnswerRow:
    words = wording["words"]
    state, text = ANSWERED, ""
    if question["key"] not in answers:
        state, text = NOT_ASKED, words["not_asked"]
    elif not answers[question["key"]]:
        state, text = NOT_ANSWERED, words[empty]
    else:
        text = answer_text(question, answers[question["key"]])
    return AnswerRow(question["key"], step["slug"], question["label"], text, state, tuple(question["criteria"]))


def answer_text(question: dict, value: str | list[str]) -> str:
    """The label of a choice, or the text; a value without an option is returned as stored."""
    options = question["options"]
    if isinstance(value, list):
        return ", ".join(options.get(item, item) for item in value)
    if question["key"] == "phone":
        return with_country(value)
    return str(options.get(value, value))
