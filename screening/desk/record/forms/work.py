"""The small forms of a record: a note, a call, who has it, where it stands, a letter to be tried again."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.desk.form_fields import note_field
from screening.desk.labels import staff_name, translated_status
from screening.inquiries.status_moves import format_status, moves_from, parse_status
from screening.models import ClosedAs, Inquiry, Letter, Status

_NOT_FROM_HERE = _("That move is not possible from here. Choose one of those offered")
# A patient withdraws; staff do not do it for them.
_WAYS_OF_CLOSING = [format_status(Status.CLOSED, way) for way in ClosedAs.values if way != ClosedAs.WITHDRAWN]


class NoteForm(forms.Form):
    text = note_field(_("Your note"), needed=_("Write the note first"))

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="note_%s", label_suffix="")


class CallForm(forms.Form):
    note = note_field(_("What was said (you may leave it empty)"), rows=2)

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="call_%s", label_suffix="")


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj) -> str:
        return staff_name(obj)


class AssignForm(forms.Form):
    """To whom ``by`` may give it: a manager to everybody who works, others to themselves."""

    assignee = _Person(
        None,
        required=False,
        label=_("Assigned to"),
        empty_label=_("Nobody"),
        error_messages={"invalid_choice": _("Choose one of the people offered")},
    )

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="assign_%s", label_suffix="", initial={"assignee": inquiry.assignee_id})
        self.may_choose = permissions.may_assign_others(by)
        self.is_mine = inquiry.assignee_id == by.pk
        self.fields["assignee"].queryset = permissions.possible_assignees(by)

    def clean_assignee(self):
        to = self.cleaned_data["assignee"]
        if to is None and not (self.may_choose or self.is_mine):
            raise forms.ValidationError(_("Only a manager takes it from a colleague"))
        return to


class MoveForm(forms.Form):
    """Only the moves that the table allows from here. Each way of closing is one of them; reopening says why."""

    to = forms.ChoiceField(
        label=_("Move to"), error_messages={"required": _("Choose a status"), "invalid_choice": _NOT_FROM_HERE}
    )
    reason = note_field(_("Reason"), rows=2, needed=_("Say why it is reopened"))

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="move_%s", label_suffix="")
        self.is_reopening = inquiry.status == Status.CLOSED
        moves = moves_from(inquiry)
        ways = [move for move in moves if move != Status.CLOSED]
        ways += _WAYS_OF_CLOSING if Status.CLOSED in moves else []
        if not self.is_reopening:
            del self.fields["reason"]
        elif moves:
            self.fields["to"].widget = forms.HiddenInput()
            self.fields["to"].initial = moves[0]
        self.fields["to"].choices = [("", "–"), *((way, translated_status(way)) for way in ways)]

    def clean_to(self) -> tuple[str, str]:
        """Status, and kind of closing."""
        return parse_status(self.cleaned_data["to"])


class UndoForm(forms.Form):
    """A button."""

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, label_suffix="")


class FailedLetterForm(forms.Form):
    letter = forms.ModelChoiceField(
        None,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("This letter has not failed, or a colleague has seen to it"),
        ),
    )

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="retry_%s", label_suffix="")
        self.fields["letter"].queryset = Letter.objects.failed().filter(inquiry=inquiry)
