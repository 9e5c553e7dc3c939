"""A letter of staff's choice, with their own paragraph."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import note_field
from screening.outbox import letters


class LetterForm(forms.Form):
    name = forms.ChoiceField(
        label=_("Which letter"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the letters")),
    )
    free_text = note_field(_("Your own paragraph"), most=4000, rows=7)

    def __init__(self, data: Mapping[str, Any] | None = None, typed: dict[str, str] | None = None):
        super().__init__(data, initial=typed, auto_id="letter_%s", label_suffix="")
        self.fields["name"].choices = letters.letter_choices()

    def as_hidden_fields(self) -> list:
        """What was typed, for the page that shows the letter before it is sent."""
        return [field.as_hidden() for field in self]
