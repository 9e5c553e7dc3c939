"""The wording that patients read, as one JSON-able version named by the hash of its content.

``{language: {"words": {...}, "criteria": {id: text}, "consent": {...}, "steps": [{"slug", "section", "questions":
[{"key", "label", "criteria": [ids], "options": {value: label}}]}]}}``
"""

import hashlib
import json
from functools import lru_cache

from django.utils.translation import gettext, override

from content.documents import Document
from content.library import Library, library
from screening.questionnaire.schema import Questionnaire, Step
from screening.questionnaire.steps import QUESTIONNAIRE

Wording = dict


def current_wording() -> tuple[str, Wording]:
    """The version in force: its hash (64 hex digits) and its content in every language of the library."""
    return _version(_ByIdentity(library()))


def consent_version(language: str) -> str:
    """The name of the consent's text in force: language, version, and a hash of what a person ticks and reads."""
    consent = library().shelf(language).notices["consent"]
    shown = "\0".join((consent.meta["consent"], consent.meta["adult"], consent.text))
    return f"{language} {consent.meta['version']} {hashlib.sha256(shown.encode()).hexdigest()[:16]}"


class _ByIdentity:
    """Compares by identity, so that one state of the library is worded once."""

    def __init__(self, of: Library):
        self.library = of

    def __hash__(self) -> int:
        return id(self.library)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.library is self.library


@lru_cache(maxsize=2)
def _version(once: _ByIdentity) -> tuple[str, Wording]:
    wording = {code: _translated(QUESTIONNAIRE, once.library, code) for code in sorted(once.library.shelves)}
    return digest(wording), wording


def digest(wording: Wording) -> str:
    canonical = json.dumps(wording, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _translated(questionnaire: Questionnaire, texts: Library, code: str) -> dict:
    shelf = texts.shelf(code)
    consent = shelf.notices["consent"]
    with override(code):
        words = {
            "not_answered": gettext("Not answered"),
            "not_asked": gettext("Not asked"),
            "not_provided": gettext("Not provided"),
        }
        steps = [_step_wording(step, consent) for step in questionnaire.steps]
    return {
        "words": words,
        "criteria": {criterion.id: criterion.text for criterion in shelf.criteria.values()},
        "consent": {"version": str(consent.meta["version"]), "text": consent.text},
        "steps": steps,
    }


def _step_wording(step: Step, consent: Document) -> dict:
    questions = [
        {
            "key": question.key,
            "label": str(consent.meta[question.key] if question.kind == "checkbox" else question.label),
            "criteria": list(question.criteria),
            "options": {option.value: str(option.label) for option in question.options},
        }
        for question in step.questions
    ]
    return {"slug": step.slug, "section": str(step.section), "questions": questions}
