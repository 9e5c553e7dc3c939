"""Dataclasses of the questionnaire: Option, Question, Condition, Step, Questionnaire. No request, no Django.

Answers map a question's key to its value: a string, or a list of strings for multiple choice. A missing key means not
answered; an optional text that was left empty is "".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Answers = dict[str, str | list[str]]
Errors = dict[str, Any]

# A str, or a lazy str of Django's, which is translated when it is rendered.
Text = Any

UNSURE = "unsure"


@dataclass(frozen=True)
class Option:
    """A value, which never changes, and its label, which may."""

    value: str
    label: Text
    stands_alone: bool = False


@dataclass(frozen=True)
class Condition:
    """Holds when the answer to ``key`` is one of ``values``."""

    key: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        return answers.get(self.key) in self.values


@dataclass(frozen=True)
class Question:
    """``make_field`` returns the Django form field that validates the answer; ``kind`` is its constructor's name."""

    key: str
    kind: str
    label: Text
    make_field: Callable[["Question"], Any]
    options: tuple[Option, ...] = ()
    criteria: tuple[str, ...] = ()
    hint: Text = ""
    is_optional: bool = False
    asked_when: Condition | None = None

    @property
    def takes_several(self) -> bool:
        return self.kind == "multiple_choice"

    def is_asked(self, answers: Answers) -> bool:
        return self.asked_when is None or self.asked_when.holds(answers)

    def is_answered(self, answers: Answers) -> bool:
        """Whether there is an answer and its values are still options."""
        if self.key not in answers:
            return False
        value = answers[self.key]
        if not self.options:
            return self.is_optional or bool(value)
        chosen = value if self.takes_several else [value]
        return bool(chosen) and set(chosen) <= {option.value for option in self.options}


@dataclass(frozen=True)
class Step:
    """One page. ``check`` validates the page's answers together and returns messages by key."""

    slug: str
    section: Text
    questions: tuple[Question, ...]
    title: Text = ""
    asked_when: Condition | None = None
    check: Callable[[Answers], Errors] | None = None

    @property
    def heading(self) -> Text:
        return self.title or self.questions[0].label

    def is_asked(self, answers: Answers) -> bool:
        return self.asked_when is None or self.asked_when.holds(answers)

    def questions_for(self, answers: Answers) -> list[Question]:
        return [question for question in self.questions if question.is_asked(answers)]

    def is_answered(self, answers: Answers) -> bool:
        complete = all(question.is_answered(answers) for question in self.questions_for(answers))
        return complete and not (self.check and self.check(answers))


@dataclass(frozen=True)
class Questionnaire:
    steps: tuple[Step, ...]

    def find_step(self, slug: str) -> Step | None:
        return next((step for step in self.steps if step.slug == slug), None)

    def step(self, slug: str) -> Step:
        """Raises LookupError if no step has the slug."""
        step = self.find_step(slug)
        if step is None:
            raise LookupError(f"no step {slug!r}")
        return step

    def questions(self) -> Iterator[tuple[Step, Question]]:
        return ((step, question) for step in self.steps for question in step.questions)

    def criteria(self) -> set[str]:
        return {criterion for _, question in self.questions() for criterion in question.criteria}
