"""The Django form of one step, laid out by crispy-forms with the templates in templates/crc/."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from content.library import library
from screening.questionnaire import phones
from screening.questionnaire.fields import PhoneField
from screening.questionnaire.question_types import single_choice
from screening.questionnaire.text_cleaning import clean_text
from screening.questionnaire.types import Answers, Option, Question, Step, Text


class StepForm(forms.Form):
    """The questions of ``step`` that are asked with ``answers``, which are also the initial values.

    Pass ``data`` for every POST, even an empty one. ``typed`` is shown instead of ``answers`` and is not validated.
    """

    def __init__(
        self,
        step: Step,
        answers: Answers,
        data: Mapping[str, Any] | None = None,
        typed: Mapping[str, Any] | None = None,
    ):
        initial = {question.key: answers[question.key] for question in step.questions if question.key in answers}
        super().__init__(data=data, initial=initial)
        self.step = step
        self.questions = step.questions_for(answers)
        for question in self.questions:
            field = self.fields[question.key] = self._field(question)
            if typed is not None:
                self.initial[question.key] = field.widget.value_from_datadict(typed, {}, question.key)
            if question.kind == "phone":
                self._ask_country(question, typed)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.fields)
        self.helper.is_single = len(self.questions) == 1

    def _ask_country(self, phone: Question, typed: Mapping[str, Any] | None) -> None:
        """Add a question for the country if the number is valid in several; it is never stored as an answer."""
        data = self.data if typed is None else typed
        numbers = self._numbers_meant(phone, data.get(phone.key) or "")
        if len(numbers) < 2:
            return
        country = country_question(phone, numbers)
        self.fields[country.key] = self._field(country)
        self._phone_field(phone).country = self.data.get(country.key, "")
        if typed is not None:
            self.initial[country.key] = typed.get(country.key)

    def _numbers_meant(self, phone: Question, text: str) -> list[str]:
        try:
            return self._phone_field(phone).numbers_meant(clean_text(text))
        except ValidationError:  # reported when the form is cleaned
            return []

    def _phone_field(self, phone: Question) -> PhoneField:
        field = self.fields[phone.key]
        if not isinstance(field, PhoneField):
            raise TypeError(f"{phone.key} is not a phone question")
        return field

    @staticmethod
    def _field(question: Question) -> Any:
        field = question.make_field(question)
        field.label = label_of(question)
        field.help_text = question.hint
        field.question = question
        # With maxlength a browser silently truncates pasted text; without it our message says the limit.
        field.widget.attrs.pop("maxlength", None)
        return field

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for question in self.questions:
            if question.is_optional and question.key not in self.data:  # truncated POST: keep the stored answer
                self.add_error(question.key, _("Part of the page did not arrive. Send it again"))
        if self.step.check and not self.errors:
            for key, message in self.step.check(self.answers()).items():
                self.add_error(key, message)
        return cleaned

    def answers(self) -> Answers:
        """The valid answers of this page, in their stored form."""
        values = ((question.key, self.cleaned_data.get(question.key)) for question in self.questions)
        return {key: "yes" if value is True else value for key, value in values if value is not None}


def country_question(phone: Question, numbers: list[str]) -> Question:
    """The question for the country of a phone number that is valid in several; nothing is preselected."""
    return single_choice(
        f"{phone.key}-country",
        _("Which country is this phone number from?"),
        *(Option(phones.region_of(number).lower(), phones.with_country(number)) for number in numbers),
        hint=_("The number fits more than one."),
        message=_("Choose the country of the phone number"),
        unsure=False,
    )


def label_of(question: Question) -> Text:
    """The question's label; those of checkboxes are in the clinic's consent.md."""
    if question.kind == "checkbox":
        return library().texts_in().notices["consent"].meta[question.key]
    return question.label
