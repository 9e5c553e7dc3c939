from django.core.management.base import BaseCommand
from django.utils.translation import activate

from screening.questionnaire.catalogue import Question, Step
from screening.questionnaire.steps import QUESTIONNAIRE


class Command(BaseCommand):
    help = "Prints every question with its answers, criteria and condition, for clinicians to review."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--language", default="en")

    def handle(self, *args, language: str, **options) -> None:
        activate(language)
        for step in QUESTIONNAIRE.steps:
            self.stdout.write(f"\n{step.slug}  ·  {step.section}  ·  {_asked(step)}")
            for question in step.questions:
                self.stdout.write("\n".join(f"  {line}" for line in _lines(question)))


def _asked(step: Step) -> str:
    condition = step.asked_when
    return f"asked when {condition.key} is {' or '.join(condition.values)}" if condition else "asked of everyone"


def _lines(question: Question):
    yield str(question.label)
    if question.criteria:
        yield f"  criteria: {', '.join(question.criteria)}"
    if question.hint:
        yield f"  hint: {question.hint}"
    yield from (f"  {option.value:<14}{option.label}" for option in question.options)
