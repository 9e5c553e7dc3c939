"""One page of the questionnaire as a Django form, laid out by crispy-forms with the templates in templates/crc/."""

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
from screening.questionnaire.schema import Answers, Option, Question, Step, Text
from screening.questionnaire.text_cleaning import clean_text


class StepForm(forms.Form):
    """Bound by method, never by whether data came: an empty POST is an answer too, and a wrong one.

    ``typed`` is shown instead of what is held, and not looked at.
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
        """Ask which country a number is of that fits several: a question of this page alone, and never an answer."""
        given = self.data if typed is None else typed
        meant = self._numbers_meant(phone, given.get(phone.key) or "")
        if len(meant) < 2:
            return
        asked = country_question(phone, meant)
        self.fields[asked.key] = self._field(asked)
        self._phone_field(phone).country = self.data.get(asked.key, "")
        if typed is not None:
            self.initial[asked.key] = typed.get(asked.key)

    def _numbers_meant(self, phone: Question, text: str) -> list[str]:
        try:
            return self._phone_field(phone).numbers_meant(clean_text(text))
        except ValidationError:  # what is wrong with it is told when the form is cleaned
            return []

    def _phone_field(self, phone: Question) -> PhoneField:
        field = self.fields[phone.key]
        if not isinstance(field, PhoneField):
            raise TypeError(f"{phone.key} is no telephone number")
        return field

    @staticmethod
    def _field(question: Question) -> Any:
        field = question.make_field(question)
        field.label = label_of(question)
        field.help_text = question.hint
        field.question = question
        # A browser would cut what is pasted, without a word; the message says how much is too much.
        field.widget.attrs.pop("maxlength", None)
        return field

    def clean(self) -> dict[str, Any] | None:
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
        given = ((question.key, self.cleaned_data.get(question.key)) for question in self.questions)
        return {key: "yes" if value is True else value for key, value in given if value is not None}


def country_question(phone: Question, meant: list[str]) -> Question:
    """The question that stands beside a telephone number that fits several countries. No answer is chosen for it."""
    return single_choice(
        f"{phone.key}-country",
        _("Which country is this phone number from?"),
        *(Option(phones.region_of(number).lower(), phones.with_country(number)) for number in meant),
        hint=_("The number fits more than one."),
        message=_("Choose the country of the phone number"),
        unsure=False,
    )


def label_of(question: Question) -> Text:
    """The clinic words its two tick boxes in consent.md; every other label stands with its question."""
    if question.kind == "checkbox":
        return library().shelf().notices["consent"].meta[question.key]
    return question.label
