"""The form "Done, next": call, note, assignment and status together."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.desk.form_fields import note_field, set_choices
from screening.desk.labels import staff_name
from screening.desk.record.forms.basic import NOT_FROM_HERE, status_choices
from screening.inquiries.services import Work
from screening.inquiries.status_moves import parse_status
from screening.models import Inquiry, Status

_NOBODY = "nobody"
_UNCHANGED = ("", "–")


class WorkForm(forms.Form):
    """Nothing is required. To reopen a closed inquiry needs a reason, so that has a form of its own."""

    is_call = forms.BooleanField(required=False, label=_("I talked with them: log a call"))
    note = note_field(_("Note, or what was said"), rows=2)
    to = forms.ChoiceField(required=False, label=_("Status"), error_messages={"invalid_choice": NOT_FROM_HERE})
    assignee = forms.ChoiceField(
        required=False,
        label=_("Assign to"),
        error_messages={"invalid_choice": _("Choose one of the people offered")},
    )

    def __init__(self, inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data, auto_id="work_%s", label_suffix="")
        self.people = {str(member.pk): member for member in permissions.possible_assignees(by)}
        may_release = permissions.may_assign_others(by) or inquiry.assignee_id == by.pk
        people = [(pk, staff_name(member)) for pk, member in self.people.items() if member.pk != inquiry.assignee_id]
        nobody = [(_NOBODY, _("Nobody"))] if inquiry.assignee_id and may_release else []
        set_choices(self, "assignee", [_UNCHANGED, *people, *nobody])
        if inquiry.status == Status.CLOSED:
            del self.fields["to"]
        else:
            set_choices(self, "to", [_UNCHANGED, *status_choices(inquiry)])
        # Single keys with which browsers reach a control; the page lists them.
        for name, key in (("is_call", "c"), ("note", "n"), ("to", "s"), ("assignee", "a")):
            if name in self.fields:
                self.fields[name].widget.attrs["accesskey"] = key

    def clean(self) -> dict[str, Any]:
        """A status chosen before a colleague closed the inquiry is not silently dropped."""
        if self.data.get("to") and "to" not in self.fields:
            raise forms.ValidationError(NOT_FROM_HERE)
        return self.cleaned_data

    def work(self) -> Work:
        status, closed_as = parse_status(self.cleaned_data.get("to", "")) or ("", "")
        assignee = self.cleaned_data["assignee"]
        return Work(
            is_call=self.cleaned_data["is_call"],
            note=self.cleaned_data["note"],
            reassigns=bool(assignee),
            assignee=self.people.get(assignee),
            status=status,
            closed_as=closed_as,
        )
