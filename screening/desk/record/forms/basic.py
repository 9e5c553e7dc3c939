"""The small forms of a record: note, message, call, assignment, status change, undo, failed letter."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.models import User
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.desk.form_fields import note_field, set_choices, set_queryset
from screening.desk.labels import staff_name, translated_status
from screening.inquiries.status_moves import format_status, moves_from, parse_status
from screening.models import ClosedAs, Inquiry, Letter, Status

NOT_FROM_HERE = _("That move is not possible from here. Choose one of those offered")
# A patient withdraws; staff do not do it for them.
_WAYS_OF_CLOSING = [format_status(Status.CLOSED, way) for way in ClosedAs.values if way != ClosedAs.WITHDRAWN]


def status_choices(inquiry: Inquiry) -> list[tuple[str, str]]:
    """The allowed moves with their labels; each way of closing is one."""
    moves = moves_from(inquiry)
    ways = [move for move in moves if move != Status.CLOSED]
    ways += _WAYS_OF_CLOSING if Status.CLOSED in moves else []
    return [(way, translated_status(way)) for way in ways]


class NoteForm(forms.Form):
    text = note_field(_("Your note"), needed=_("Write the note first"))

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="note_%s", label_suffix="")


class MessageForm(forms.Form):
    """``message_id`` is made with the page, so that a form sent twice writes one message."""

    text = note_field(_("Your message to the patient"), needed=_("Write the message first"), rows=3)
    message_id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="message_%s", label_suffix="")
        self.fields["text"].widget.attrs["accesskey"] = "w"


class CallForm(forms.Form):
    note = note_field(_("What was said (you may leave it empty)"), rows=2)

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="call_%s", label_suffix="")


class _Person(forms.ModelChoiceField):
    def label_from_instance(self, obj: Model) -> str:
        return staff_name(obj) if isinstance(obj, User) else str(obj)


class AssignForm(forms.Form):
    """Managers assign to anybody who may edit; others take an inquiry or release their own."""

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
        set_queryset(self, "assignee", permissions.possible_assignees(by))

    def clean_assignee(self) -> User | None:
        assignee: User | None = self.cleaned_data["assignee"]
        if assignee is None and not (self.may_choose or self.is_mine):
            raise forms.ValidationError(_("Only a manager takes it from a colleague"))
        return assignee


class MoveForm(forms.Form):
    """The allowed status changes. Each way of closing is a choice of its own; reopening needs a reason."""

    to = forms.ChoiceField(
        label=_("Move to"), error_messages={"required": _("Choose a status"), "invalid_choice": NOT_FROM_HERE}
    )
    reason = note_field(_("Reason"), rows=2, needed=_("Say why it is reopened"))

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="move_%s", label_suffix="")
        self.is_reopening = inquiry.status == Status.CLOSED
        moves = moves_from(inquiry)
        if not self.is_reopening:
            del self.fields["reason"]
        elif moves:
            self.fields["to"].widget = forms.HiddenInput()
            self.fields["to"].initial = moves[0]
        set_choices(self, "to", [("", "–"), *status_choices(inquiry)])

    def clean_to(self) -> tuple[str, str]:
        """(status, closed_as)."""
        parsed = parse_status(self.cleaned_data["to"])
        if parsed is None:
            raise forms.ValidationError(NOT_FROM_HERE)
        return parsed


class UndoForm(forms.Form):
    """Has no fields."""

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, label_suffix="")


class FailedLetterForm(forms.Form):
    letter: forms.ModelChoiceField = forms.ModelChoiceField(
        None,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("This letter has not failed, or a colleague has seen to it"),
        ),
    )

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="retry_%s", label_suffix="")
        set_queryset(self, "letter", Letter.objects.failed().filter(inquiry=inquiry))
