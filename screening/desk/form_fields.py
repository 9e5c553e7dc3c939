"""Form fields of the desk, and their choices where they depend on the request."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from screening.questionnaire.fields import TOO_LONG, CleanCharField, without_maxlength
from screening.questionnaire.types import Text


def note_field(
    label: Text, *, max_length: int = 2000, rows: int = 3, needed: Text = "", **named: Any
) -> CleanCharField:
    """A text of several lines. ``needed`` is the error message if it is empty; "" makes it optional."""
    return without_maxlength(
        CleanCharField(
            lines=True,
            required=bool(needed),
            max_length=max_length,
            label=label,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": needed, "max_length": TOO_LONG},
            **named,
        )
    )


def set_choices(form: forms.Form, name: str, choices: Iterable[tuple[str, Text]]) -> None:
    """Set the choices of a ChoiceField."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def set_queryset(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Set the rows that a ModelChoiceField offers."""
    cast(forms.ModelChoiceField, form.fields[name]).queryset = rows
