"""The form of a letter to the patient: which letter, and a paragraph of free text."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import note_field, set_choices
from screening.outbox import letters


class LetterForm(forms.Form):
    name = forms.ChoiceField(
        label=_("Which letter"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the letters")),
    )
    free_text = note_field(_("Your own paragraph"), max_length=4000, rows=7)

    def __init__(self, data: Mapping[str, Any] | None = None, typed: dict[str, str] | None = None):
        super().__init__(data, initial=typed, auto_id="letter_%s", label_suffix="")
        set_choices(self, "name", letters.letter_choices())

    def as_hidden_fields(self) -> list[str]:
        """The typed values as hidden inputs, for the preview page."""
        return [field.as_hidden() for field in self]
