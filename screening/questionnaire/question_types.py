"""Constructors of questions, one per kind, each with its Django form field."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.questionnaire.fields import (
    TOO_LONG,
    CleanCharField,
    CleanEmailField,
    ExclusiveMultipleChoiceField,
    PhoneField,
)
from screening.questionnaire.types import UNSURE, Condition, Option, Question, Text

NOT_SURE = Option(UNSURE, _("Not sure"), stands_alone=True)


def single_choice(
    key: str,
    label: Text,
    *options: Option,
    criteria: Iterable[str] = (),
    hint: Text = "",
    unsure: bool = True,
    message: Text = "",
) -> Question:
    """Radio buttons; clinical questions must have Not sure (``unsure``)."""
    message = message or _("Choose one answer, or Not sure")

    def make_field(question: Question) -> forms.Field:
        return forms.ChoiceField(
            choices=[(option.value, option.label) for option in question.options],
            widget=forms.RadioSelect,
            error_messages={"required": message, "invalid_choice": message},
        )

    return Question(
        key, "single_choice", label, make_field, (*options, *([NOT_SURE] if unsure else [])), tuple(criteria), hint
    )


def multiple_choice(key: str, label: Text, *options: Option, criteria: Iterable[str] = (), hint: Text = "") -> Question:
    """Checkboxes, with Not sure; options with ``stands_alone`` exclude all others."""
    message = _("Choose one or more answers, or Not sure")

    def make_field(question: Question) -> forms.Field:
        return ExclusiveMultipleChoiceField(
            choices=[(option.value, option.label) for option in question.options],
            alone={option.value: option.label for option in question.options if option.stands_alone},
            error_messages={"required": message, "invalid_choice": message, "invalid_list": message},
        )

    hint = hint or _("Choose all that apply.")
    return Question(key, "multiple_choice", label, make_field, (*options, NOT_SURE), tuple(criteria), hint)


def checkbox(key: str, label: Text, message: Text) -> Question:
    """A checkbox that must be ticked; stored as "yes"."""

    def make_field(question: Question) -> forms.Field:
        return forms.BooleanField(error_messages={"required": message})

    return Question(key, "checkbox", label, make_field, (Option("yes", _("Yes")),))


def long_text(key: str, label: Text, *, max_length: int, hint: Text = "") -> Question:
    """An optional text of several lines; ``max_length`` is the limit in characters."""

    def make_field(question: Question) -> forms.Field:
        return CleanCharField(
            lines=True,
            required=False,
            max_length=max_length,
            widget=forms.Textarea(attrs={"rows": 7}),
            error_messages={"max_length": TOO_LONG},
        )

    return Question(key, "long_text", label, make_field, hint=hint, is_optional=True)


def name(
    key: str,
    label: Text,
    message: Text,
    *,
    autocomplete: str = "name",
    hint: Text = "",
    asked_when: Condition | None = None,
) -> Question:
    def make_field(question: Question) -> forms.Field:
        return CleanCharField(
            max_length=150,
            widget=forms.TextInput(attrs={"autocomplete": autocomplete, "autocapitalize": "words"}),
            error_messages={"required": message, "max_length": _("Write the name in no more than 150 characters")},
        )

    return Question(key, "name", label, make_field, hint=hint, asked_when=asked_when)


def email(key: str, label: Text, *, hint: Text = "") -> Question:
    message = _("Enter an e-mail address like name@example.com, or leave it empty")

    def make_field(question: Question) -> forms.Field:
        return CleanEmailField(
            required=False,
            max_length=254,
            widget=forms.EmailInput(
                attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
            ),
            error_messages={"invalid": message, "max_length": message},
        )

    return Question(key, "email", label, make_field, hint=hint, is_optional=True)


def phone(key: str, label: Text, *, hint: Text = "") -> Question:
    def make_field(question: Question) -> forms.Field:
        return PhoneField(
            required=False,
            max_length=40,
            widget=forms.TelInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
            error_messages={"max_length": _("Write the phone number in no more than 40 characters")},
        )

    return Question(key, "phone", label, make_field, hint=hint, is_optional=True)
