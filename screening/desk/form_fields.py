"""Fields in which staff write text."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.questionnaire.fields import CleanCharField

TOO_LONG = _("Write no more than %(limit_value)d characters. You have written %(show_value)d.")


def note_field(label: str, *, most: int = 2000, rows: int = 3, needed: str = "", **named: Any) -> CleanCharField:
    """A text of up to ``most`` characters; ``needed`` is said when there is none, and empty where none is needed."""
    return without_maxlength(
        CleanCharField(
            lines=True,
            required=bool(needed),
            max_length=most,
            label=label,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": needed, "max_length": TOO_LONG},
            **named,
        )
    )


def without_maxlength(field: forms.Field) -> forms.Field:
    """Without the attribute by which a browser would cut what is pasted and say nothing: the server tells it."""
    field.widget.attrs.pop("maxlength", None)
    return field
