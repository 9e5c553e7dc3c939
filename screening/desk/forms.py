"""What staff may write on a sheet: marks with notes, a remark, an assignee, a move."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from screening.desk.sheet import SheetRow
from screening.inquiries.status import moves_from
from screening.models import ClosedAs, Inquiry, Mark, Status
from screening.questionnaire.fields import PlainField

_MOST = 2000  # characters of a note


class MarksForm(forms.Form):
    """A mark and a note for every row of the sheet."""

    def __init__(self, rows: list[SheetRow], data=None):
        super().__init__(data)
        self.rows = rows
        for row in rows:
            self.fields[f"mark-{row.id}"] = forms.ChoiceField(
                choices=Mark.Value.choices, widget=forms.RadioSelect, initial=row.mark.value, label=_("Mark")
            )
            self.fields[f"note-{row.id}"] = PlainField(
                lines=True,
                required=False,
                max_length=_MOST,
                initial=row.mark.note,
                label=_("Note"),
                widget=forms.Textarea(attrs={"rows": 1, "aria-label": _("Note on this row")}),
            )

    def lines(self):
        """Each row with its two bound fields, for the template."""
        return [(row, self[f"mark-{row.id}"], self[f"note-{row.id}"]) for row in self.rows]

    def marks(self):
        """Row id, mark and note as entered."""
        for row in self.rows:
            yield row.id, self.cleaned_data[f"mark-{row.id}"], self.cleaned_data[f"note-{row.id}"]


class NoteForm(forms.Form):
    text = PlainField(
        lines=True,
        max_length=_MOST,
        label=_("Add a note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first")},
    )


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        get_user_model().objects.none(), required=False, label=_("Assigned to"), empty_label=_("Nobody")
    )

    def __init__(self, inquiry: Inquiry, data=None):
        super().__init__(data, initial={"assignee": inquiry.assignee_id})
        self.fields["assignee"].queryset = get_user_model().objects.filter(is_staff=True, is_active=True)


class MoveForm(forms.Form):
    """Only the moves that the table allows from here; closing says how, reopening says why."""

    to = forms.ChoiceField(
        label=_("Move to"),
        error_messages={
            "required": _("Choose a status"),
            "invalid_choice": _("That move is not possible from here; nothing was changed"),
        },
    )
    closed_as = forms.ChoiceField(
        required=False,
        label=_("If you close it"),
        choices=[("", "–"), *((value, label) for value, label in ClosedAs.choices if value != ClosedAs.WITHDRAWN)],
    )
    reason = PlainField(
        required=False, lines=True, max_length=_MOST, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, inquiry: Inquiry, data=None):
        super().__init__(data)
        self.is_reopening = inquiry.status == Status.CLOSED
        self.fields["to"].choices = [("", "–"), *((move, Status(move).label) for move in moves_from(inquiry))]
        if self.is_reopening:
            del self.fields["closed_as"]
        else:
            del self.fields["reason"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("to") != Status.CLOSED:
            cleaned["closed_as"] = ""
        elif not cleaned.get("closed_as"):
            self.add_error("closed_as", _("Say how it was closed"))
        if self.is_reopening and not cleaned.get("reason"):
            self.add_error("reason", _("Say why it is reopened"))
        return cleaned
