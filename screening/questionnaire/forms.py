"""One page of the questionnaire as a Django form, laid out by crispy-forms with the templates in templates/crc/."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from content.library import library
from screening.questionnaire.schema import Answers, Question, Step


class StepForm(forms.Form):
    """Bound by method, never by whether data came: an empty POST is an answer too, and a wrong one.

    ``typed`` is shown instead of what is held, and not looked at.
    """

    def __init__(self, step: Step, answers: Answers, data=None, typed=None):
        initial = {question.key: answers[question.key] for question in step.questions if question.key in answers}
        super().__init__(data=data, initial=initial)
        self.step = step
        self.questions = step.questions_for(answers)
        for question in self.questions:
            field = self.fields[question.key] = self._field(question)
            if typed is not None:
                self.initial[question.key] = field.widget.value_from_datadict(typed, {}, question.key)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)
        self.helper.is_single = len(self.questions) == 1

    @staticmethod
    def _field(question: Question) -> forms.Field:
        field = question.make_field(question)
        field.label = label_of(question)
        field.help_text = question.hint
        field.question = question
        # A browser would cut what is pasted, without a word; the message says how much is too much.
        field.widget.attrs.pop("maxlength", None)
        return field

    def clean(self) -> dict:
        cleaned = super().clean()
        for question in self.questions:
            if question.is_optional and question.key not in self.data:  # cut off, or no form of ours: keep what is held
                self.add_error(question.key, _("Part of the page did not arrive. Send it again"))
        if self.step.check and not self.errors:
            for key, message in self.step.check(self.answers()).items():
                self.add_error(key, message)
        return cleaned

    def answers(self) -> Answers:
        """The valid answers of this page, as they are stored."""
        return {key: "yes" if value is True else value for key, value in self.cleaned_data.items()}


def label_of(question: Question) -> str:
    """The clinic words its two tick boxes in consent.md; every other label stands with its question."""
    if question.kind == "ticked":
        return library().shelf().notices["consent"].meta[question.key]
    return question.label
