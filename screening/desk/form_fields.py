"""Form fields of the desk, and their choices where they depend on the request."""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from screening.questionnaire.fields import CleanCharField
from screening.questionnaire.types import Text

TOO_LONG = _("Write no more than %(limit_value)d characters. You have written %(show_value)d.")


FieldType = TypeVar("FieldType", bound=forms.Field)


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


def without_maxlength(field: FieldType) -> FieldType:
    """The field without `maxlength`: browsers cut pasted text silently, the server says what is too long."""
    field.widget.attrs.pop("maxlength", None)
    return field


def set_choices(form: forms.Form, name: str, choices: Iterable[tuple[str, Text]]) -> None:
    """Set the choices of a ChoiceField."""
    cast(forms.ChoiceField, form.fields[name]).choices = list(choices)


def set_queryset(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Set the rows that a ModelChoiceField offers."""
    cast(forms.ModelChoiceField, form.fields[name]).queryset = rows
