"""System checks: the questionnaire's criteria and schema, backups, and the clinic's contact details."""

import shutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import Error, register
from django.db import connection

from content.library import CRITERIA_GUIDE, load_library
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Questionnaire

STEPS_FILE = "screening/questionnaire/steps.py"


@register()
def check_criteria(app_configs: object, **kwargs: Any) -> list[Error]:
    found = load_library(settings.CONTENT_DIR)
    documented = {texts.language: texts.criteria for texts in found.by_language.values()}
    errors = list(criteria_problems(QUESTIONNAIRE, documented)) + list(schema_problems(QUESTIONNAIRE))
    return [Error(text, id="screening.E001") for text in errors]


@register("backups")
def check_backups(app_configs: object, **kwargs: Any) -> list[checks.Warning]:
    if settings.BACKUP_DIR is None:
        return []
    found = []
    if not settings.BACKUP_DIR.is_dir():
        found.append("BACKUP_DIR names a folder that is not there: no backup is made, and no erasure is logged there.")
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        found.append("pg_dump is missing, so no backup is made here (Debian: postgresql-client).")
    return [checks.Warning(text, id="screening.W001") for text in found]


@register()
def check_contact_details(app_configs: object, **kwargs: Any) -> list[checks.Warning]:
    """Warn if no contact details are set, unless the site is local (without HTTPS)."""
    if not settings.IS_HTTPS or settings.CLINIC_EMAIL or settings.CLINIC_PHONE:
        return []
    text = "Patients are told to contact the clinic, and not how: set CLINIC_PHONE or CLINIC_EMAIL, or both."
    return [checks.Warning(text, id="screening.W002")]


def criteria_problems(questionnaire: Questionnaire, documented: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Criteria that are missing in a language, and criteria that no question cites."""
    asked = questionnaire.criteria()
    for language, criteria in documented.items():
        guide = settings.CONTENT_DIR / language / "guides" / f"{CRITERIA_GUIDE}.md"
        for missing in sorted(asked - set(criteria)):
            yield f"{guide}, line 1: add the criterion {{: #{missing} }}, which {STEPS_FILE} asks about."
        for unasked in sorted(set(criteria) - asked):
            line = load_library(settings.CONTENT_DIR).texts_in(language).guides[CRITERIA_GUIDE].line_of(f"#{unasked}")
            yield f"{guide}, line {line}: no question in {STEPS_FILE} cites the criterion {unasked}."


def schema_problems(questionnaire: Questionnaire) -> Iterator[str]:
    """Duplicate keys, slugs and values."""
    keys = Counter(question.key for _, question in questionnaire.questions())
    slugs = Counter(step.slug for step in questionnaire.steps)
    for name, count in [*keys.items(), *slugs.items()]:
        if count > 1:
            yield f"{STEPS_FILE}: {name} is used {count} times; slugs and keys must be unique."
    for _, question in questionnaire.questions():
        values = [option.value for option in question.options]
        if len(values) != len(set(values)):
            yield f"{STEPS_FILE}: {question.key} has a duplicate value."
