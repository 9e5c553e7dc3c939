"""The form to correct contact details: the contact step of the questionnaire, with labels for staff."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from screening.desk.labels import CONTACT_LABELS
from screening.models import Inquiry
from screening.questionnaire.fields import TOO_LONG, without_maxlength
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Question

_STEP = QUESTIONNAIRE.step("contact")


class ContactForm(forms.Form):
    """Each field has a hidden initial value, so that two colleagues can correct different details."""

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="contact_%s", label_suffix="", initial=inquiry.contact)
        for question in _STEP.questions_for(inquiry.answers):
            self.fields[question.key] = _field(question)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in self.fields:
            if name not in self.data:
                self.add_error(name, _("Part of the page did not arrive. Send it again"))
        if not self.errors and _STEP.check:
            self.refuse_as_unreachable(_STEP.check(self.cleaned_data))
        return self.cleaned_data

    def refuse_as_unreachable(self, keys: Iterable[str]) -> None:
        """Add an error to these fields: without them the patient cannot be answered the way they chose."""
        for key in keys:
            self.add_error(key, _("Without it they cannot be answered as they wish. Enter it, or choose another way"))

    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _field(question: Question) -> forms.Field:
    field: forms.Field = question.make_field(question)
    field.label = CONTACT_LABELS.get(question.key, question.label)
    field.show_hidden_initial = True
    field.error_messages |= {"required": _("This cannot be empty"), "max_length": TOO_LONG}
    if isinstance(field, forms.ChoiceField):
        field.widget = forms.Select()
        field.choices = field.choices  # gives them to the new widget
    else:
        field.widget.attrs["autocomplete"] = "off"  # a browser would suggest the details of the member of staff
    return without_maxlength(field)
