"""The journey as data: for each page, the labels a patient chooses and the texts they write."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, override

from screening.questionnaire import flow
from screening.questionnaire.forms import label_of
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import UNSURE, Answers, Question, Step
from tests.builders import answers
from tests.served import wait_for

CONDITIONS = ("ra", "oa", "both", UNSURE)
LANGUAGES = ("en", "es")
REFERENCE = re.compile(r"CRC-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}")


@dataclass(frozen=True)
class Page:
    """A page of questions: ``chosen`` are labels of answers, ``written`` are pairs of field label and text."""

    heading: str
    chosen: tuple[str, ...]
    written: tuple[tuple[str, str], ...]


def pages(condition: str, language: str, **changed) -> list[Page]:
    """Return the pages for a condition; ``changed`` as in `builders.answers`."""
    given = answers(condition, **{"infection": UNSURE, "goals": ["protect", "less-pain"], "best_time": "evening"})
    given |= {"anything-else": "Two lines\n¿Sí?", "language": language}
    given |= {key.replace("_", "-"): value for key, value in changed.items()}
    with override(language):
        return [_page(step, given) for step in flow.path(QUESTIONNAIRE, given)]


def _page(step: Step, given: Answers) -> Page:
    questions = step.questions_for(given)
    chosen = [label for question in questions if question.options for label in _chosen(question, given[question.key])]
    written = [(str(question.label), given[question.key]) for question in questions if not question.options]
    return Page(str(step.heading), tuple(chosen), tuple(written))


def _chosen(question: Question, value: str | list[str]) -> list[str]:
    if question.kind == "checkbox":
        return [label_of(question)]
    labels = {option.value: str(option.label) for option in question.options}
    return [labels[one] for one in ([value] if isinstance(value, str) else value)]


def say(language: str, words: str) -> str:
    """Translate an interface string."""
    with override(language):
        return gettext(words)


def path(language: str, name: str, *args: str) -> str:
    with override(language):
        return reverse(name, args=args)


def complete(walker, site, condition: str, language: str, **changed) -> str:
    """Go from the start page to the confirmation; return the reference."""
    walker.open(site.address + path(language, "candidacy"))
    return begin(walker, condition, language, **changed)


def begin(walker, condition: str, language: str, **changed) -> str:
    """As `complete`, but the walker is already on the start page."""
    walker.go_on(say(language, "Start the questionnaire"))
    way = pages(condition, language, **changed)
    answer(walker, way, language)
    assert_reads_back(walker, way)
    return send(walker, language)


def answer(walker, way: list[Page], language: str) -> None:
    for page in way:
        assert page.heading in walker.read()
        for label in page.chosen:
            walker.choose(label)
        for label, text in page.written:
            walker.write(label, text)
        walker.go_on(say(language, "Continue"))


def assert_reads_back(walker, way: list[Page]) -> None:
    """Assert that the check page shows all answers. Phone numbers are skipped: it formats them."""
    shown = walker.read()
    for page in way:
        for words in [*page.chosen, *(text for _label, text in page.written)]:
            assert words.startswith("+") or " ".join(words.split()) in shown, words


def send(walker, language: str) -> str:
    """Press Send, again while the site answers that it is too soon after the start; return the reference."""

    def is_sent() -> bool:
        walker.go_on(say(language, "Send"))
        return say(language, "We have your answers") in walker.read()

    assert wait_for(is_sent), walker.read()
    return REFERENCE.search(walker.read())[0]
