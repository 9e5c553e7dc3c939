"""The contact details of an inquiry, to be corrected: the questionnaire's contact step in staff's words."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import TOO_LONG, without_maxlength
from screening.desk.labels import CONTACT_LABELS
from screening.models import Inquiry
from screening.questionnaire.schema import Question
from screening.questionnaire.steps import QUESTIONNAIRE

_STEP = QUESTIONNAIRE.step("contact")


class ContactForm(forms.Form):
    """Each field carries what it showed at first, so that two colleagues may correct different details."""

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="contact_%s", label_suffix="", initial=inquiry.contact)
        for question in _STEP.questions_for(inquiry.answers):
            self.fields[question.key] = _field(question)

    def clean(self) -> dict:
        said = super().clean()
        for name in self.fields:
            if name not in self.data:
                self.add_error(name, _("Part of the page did not arrive. Send it again"))
        if not self.errors:
            self.refuse_as_unreachable(_STEP.check(said))
        return said

    def refuse_as_unreachable(self, keys: Any) -> None:
        for key in keys:
            self.add_error(key, _("Without it they cannot be answered as they wish. Enter it, or choose another way"))

    def changes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _field(question: Question) -> forms.Field:
    field = question.make_field(question)
    field.label = CONTACT_LABELS.get(question.key, question.label)
    field.show_hidden_initial = True
    field.error_messages |= {"required": _("This cannot be empty"), "max_length": TOO_LONG}
    if question.options:
        field.widget = forms.Select(choices=field.choices)
    else:
        field.widget.attrs["autocomplete"] = "off"  # a browser would offer the nurse's own
    return without_maxlength(field)
