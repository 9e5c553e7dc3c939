from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import override

from content.library import library
from screening.questionnaire import fhir, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Question, Step


class Command(BaseCommand):
    help = "Prints every question with its answers, criteria and condition, for clinicians to review and sign off."

    def add_arguments(self, parser: CommandParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=languages)
        parser.add_argument(
            "--fhir", action="store_true", help="as an HL7 FHIR Questionnaire in every language, for other programs"
        )

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        if options["fhir"]:
            self.stdout.write(fhir.published().decode())
            return
        with override(language):
            self.stdout.write(
                f"Candidacy questionnaire, wording {wording_versions.current_wording()[0][:12]}, language {language}"
            )
            for step in QUESTIONNAIRE.steps:
                self.stdout.write(f"\n{step.slug}  ·  {step.section}  ·  {_condition(step)}")
                for question in step.questions:
                    self.stdout.write("\n".join(f"  {line}" for line in _lines(question)))


def _condition(step: Step) -> str:
    condition = step.asked_when
    return f"asked when {condition.key} is {' or '.join(condition.values)}" if condition else "asked of everyone"


def _lines(question: Question) -> Iterator[str]:
    yield str(question.label)
    if question.hint:
        yield f"  hint: {question.hint}"
    criteria = library().texts_in().criteria
    yield from (f"  criterion {id_}: {criteria[id_].text}" for id_ in question.criteria)
    yield from (f"  {option.value:<14}{option.label}" for option in question.options)
