"""Answers in words, in any language of a wording: for the check page, the staff's sheet and a copy. Pure."""

from dataclasses import dataclass

from screening.questionnaire.phones import with_country
from screening.questionnaire.schema import Answers

ANSWERED, NOT_ANSWERED, NOT_ASKED = "answered", "not-answered", "not-asked"


@dataclass(frozen=True)
class AnswerRow:
    """One question and its answer. ``state`` keeps Not answered and Not asked apart."""

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
    """Every question of one language's wording with its answer; ``empty`` names the words for an empty text."""
    return [
        _row(wording, step, question, answers, empty) for step in wording["steps"] for question in step["questions"]
    ]


def answer_sections(wording: dict, answers: Answers) -> list[AnswerSection]:
    """What was asked, grouped; for the person who answered."""
    titles = {step["slug"]: step["section"] for step in wording["steps"]}
    grouped: dict[str, list[AnswerRow]] = {}
    for row in answer_rows(wording, answers, empty="not_provided"):
        if row.state != NOT_ASKED:
            grouped.setdefault(titles[row.slug], []).append(row)
    return [AnswerSection(title, members) for title, members in grouped.items()]


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
    """An answer's label or text; an unknown value of an older version is shown as it was stored."""
    options = question["options"]
    if isinstance(value, list):
        return ", ".join(options.get(item, item) for item in value)
    if question["key"] == "phone":
        return with_country(value)
    return str(options.get(value, value))
