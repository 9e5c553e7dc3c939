"""Invented people for demos and tests: their answers, and the history of their inquiries."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from screening.inquiries.services import DemoInquiry
from screening.models import ClosedAs, Status
from screening.questionnaire import flow, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Answers, Question

# Assigned in turn, so that one person in fifty has each first name.
_FIRST_NAMES = (
    "Ana Luis Marisol José Carmen Miguel Rosa Ángel Lucía Héctor Elena Raúl Silvia Óscar Inés Tomás Noemí Iván Pilar "
    "Saúl Mary John Linda James Susan Robert Karen David Nancy Paul Betty Mark Ruth Frank Alice Peter Diane Carl Joan "
    "Henry Sofía Andrés Julia Martín Teresa Pablo Irene Felipe Dolores Ramón"
)
_LAST_NAMES = (
    "García Hernández Martínez López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz Cruz Morales "
    "Reyes Ortiz Castillo Núñez Peña Smith Johnson Brown Jones Miller Davis Wilson Moore Taylor O’Brien"
)
FIRST_NAMES, LAST_NAMES = _FIRST_NAMES.split(), _LAST_NAMES.split()
# The exchange 555 is not assigned; the area codes are those near the clinic.
_AREAS = ("619", "858", "760", "949", "714", "213", "310", "602", "702", "520")
_SPAN = timedelta(days=350)  # within RETENTION_DAYS, so that the worker leaves them

_RA: Answers = {
    "ra-symptoms": "yes",
    "ra-medicine-changed": "yes",
    "ra-keep-medicine": "yes",
    "ra-rheumatologist": "often",
    "ra-other-health": "tell-staff",
}
_OA: Answers = {
    "oa-joints": ["knee", "hip"],
    "oa-severity": "moderate",
    "oa-pain-with-use": "yes",
    "oa-imaging": "unsure",
    "oa-joint-shape": ["gives-way"],
    "oa-rehab": "already",
}
_CONDITIONS = (("ra", _RA), ("oa", _OA), ("both", _RA | _OA))


def complete(given: Answers) -> Answers:
    """Complete ``given`` with an answer to every other question that is asked: the first option, or an empty text.

    So a question added to the questionnaire needs no change here. Raises ValueError if ``given`` is not accepted.
    """
    answers = dict(given)
    while (step := flow.first_unanswered(QUESTIONNAIRE, answers)) is not None:
        missing = [question for question in step.questions_for(answers) if not question.is_answered(answers)]
        if not missing:
            raise ValueError(f"{step.slug} does not accept the given answers")
        answers |= {question.key: _first_answer(question) for question in missing}
    return answers


def _first_answer(question: Question) -> str | list[str]:
    if not question.options:
        return ""
    return [question.options[0].value] if question.takes_several else question.options[0].value


def answers(number: int, name: str, language: str = "en") -> Answers:
    """A complete questionnaire; the conditions alternate by ``number``."""
    condition, branch = _CONDITIONS[number % 3]
    return complete(
        {
            "who": "self",
            "adult": "yes",
            "consent": "yes",
            "condition": condition,
            **branch,
            "infection": "no",
            "goals": ["less-pain", "move-better"],
            "anything-else": "This is an invented inquiry.",
            "name": name,
            "email": f"demo{number}@example.com",
            "phone": f"+1{_AREAS[number // 10_000 % len(_AREAS)]}555{number % 10_000:04}",
            "channel": "email",
            "best-time": "morning",
            "leave-message": "yes",
            "language": language,
        }
    )


def people(first: int, count: int, now: datetime, staff: list[User]) -> Iterator[DemoInquiry]:
    """``count`` people from number ``first``, who wrote over the last year. Deterministic for each number."""
    consents = {code: wording_versions.consent_version(code) for code, _name in settings.LANGUAGES}
    for number in range(first, first + count):
        draw = Random(number)  # noqa: S311 (not for security)
        name = " ".join((FIRST_NAMES[number % len(FIRST_NAMES)], *draw.sample(LAST_NAMES, 2)))
        language = draw.choice(sorted(consents))
        received_at = now - _SPAN * draw.random()
        yield DemoInquiry(
            answers=answers(number, name, language),
            consent=consents[language],
            language=language,
            received_at=received_at,
            **_history(draw, received_at, now, staff),
        )


def _history(draw: Random, received_at: datetime, now: datetime, staff: list[User]) -> dict[str, Any]:
    """Fields of DemoInquiry: most are answered in days and closed in weeks; a few recent ones were never opened."""
    age = now - received_at
    is_forgotten = age < timedelta(days=20) and draw.random() < 0.03
    opened_at = received_at + timedelta(hours=draw.expovariate(1 / 20))
    replied_at = opened_at + timedelta(hours=draw.expovariate(1 / 18))
    if opened_at >= now or is_forgotten:
        return {}
    worked_on = {"opened_at": opened_at, "assignee": draw.choice(staff) if staff else None}
    if replied_at >= now:
        return worked_on | {"status": Status.IN_REVIEW}
    worked_on["replied_at"] = replied_at
    if age > timedelta(days=draw.expovariate(1 / 9)) and age > timedelta(days=2):
        reasons = [ClosedAs.BOOKED, ClosedAs.NO_REPLY, ClosedAs.NOT_GOING_AHEAD, ClosedAs.DUPLICATE, ClosedAs.SPAM]
        return worked_on | {"status": Status.CLOSED, "closed_as": draw.choices(reasons, (5, 4, 3, 1, 1))[0]}
    return worked_on | {"status": draw.choice([Status.IN_REVIEW, Status.WAITING, Status.OFFERED])}
