"""Wording versions: all texts that patients read, as one JSON-able dict named by the hash of its content.

``{language: {"words": {...}, "criteria": {id: text}, "consent": {...}, "steps": [{"slug", "section", "title",
"asked_when", "questions": [{"key", "label", "criteria": [ids], "options": {value: label}, "kind", "hint", "values",
"alone", "is_optional", "most", "asked_when"}]}]}}``

``values`` are the options in order, which PostgreSQL does not keep in an object; ``alone`` are those that exclude all
others; ``asked_when`` is ``{"key", "values"}`` or null. Versions before November 27, 2026 have no structure: their
steps have only the keys up to ``section``, their questions those up to ``options``.
"""

import hashlib
import json
from functools import lru_cache

from django.utils.translation import gettext, override

from content.documents import Document
from content.library import Library, library
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Condition, Question, Questionnaire, Step

Wording = dict


def current_wording() -> tuple[str, Wording]:
    """The current version: its hash (64 hex digits) and its content in every language of the library."""
    return _wording_of(_CacheKey(library()))


def consent_version(language: str) -> str:
    """The name of the current consent text, "language version hash"; the hash covers text and checkbox labels."""
    consent = library().texts_in(language).notices["consent"]
    text = "\0".join((consent.meta["consent"], consent.meta["adult"], consent.text))
    return f"{language} {consent.meta['version']} {hashlib.sha256(text.encode()).hexdigest()[:16]}"


class _CacheKey:
    """Compares the library by identity, so that its wording is built once."""

    def __init__(self, texts: Library):
        self.library = texts

    def __hash__(self) -> int:
        return id(self.library)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CacheKey) and other.library is self.library


@lru_cache(maxsize=2)
def _wording_of(key: _CacheKey) -> tuple[str, Wording]:
    wording = {code: _translated(QUESTIONNAIRE, key.library, code) for code in sorted(key.library.by_language)}
    return digest(wording), wording


def digest(wording: Wording) -> str:
    canonical = json.dumps(wording, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _translated(questionnaire: Questionnaire, found: Library, code: str) -> dict:
    texts = found.texts_in(code)
    consent = texts.notices["consent"]
    with override(code):
        words = {
            "not_answered": gettext("Not answered"),
            "not_asked": gettext("Not asked"),
            "not_provided": gettext("Not provided"),
        }
        steps = [_step_wording(step, consent) for step in questionnaire.steps]
    return {
        "words": words,
        "criteria": {criterion.id: criterion.text for criterion in texts.criteria.values()},
        "consent": {"version": str(consent.meta["version"]), "text": consent.text},
        "steps": steps,
    }


def _step_wording(step: Step, consent: Document) -> dict:
    return {
        "slug": step.slug,
        "section": str(step.section),
        "title": str(step.title),
        "asked_when": _condition(step.asked_when),
        "questions": [_question_wording(question, consent) for question in step.questions],
    }


def _question_wording(question: Question, consent: Document) -> dict:
    return {
        "key": question.key,
        "label": str(consent.meta[question.key] if question.kind == "checkbox" else question.label),
        "criteria": list(question.criteria),
        "options": {option.value: str(option.label) for option in question.options},
        "kind": question.kind,
        "hint": str(question.hint),
        "values": [option.value for option in question.options],
        "alone": [option.value for option in question.options if option.stands_alone],
        "is_optional": question.is_optional,
        "most": getattr(question.make_field(question), "max_length", None),
        "asked_when": _condition(question.asked_when),
    }


def _condition(asked_when: Condition | None) -> dict | None:
    return {"key": asked_when.key, "values": list(asked_when.values)} if asked_when else None
