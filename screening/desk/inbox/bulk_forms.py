"""What is asked before something is done to several inquiries at once: whom they go to, how they are closed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.desk.inbox.listing import UNASSIGNED
from screening.desk.labels import staff_name
from screening.inquiries import services
from screening.models import ClosedAs, Inquiry, Status


class BulkAssignForm(forms.Form):
    """To whom ``by`` may give them: a manager to everybody who works or to nobody, others to themselves."""

    to = forms.ChoiceField(
        label=_("Assign to"), error_messages={"required": _("Choose a person"), "invalid_choice": _("Choose a person")}
    )

    def __init__(self, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data)
        self.working = {str(member.pk): member for member in permissions.possible_assignees(by)}
        nobody = [(UNASSIGNED, _("Nobody"))] if permissions.may_assign_others(by) else []
        people = [(pk, staff_name(member)) for pk, member in self.working.items()]
        self.fields["to"].choices = [("", "–"), *people, *nobody]
        if len(people) == 1 and not nobody:
            self.initial["to"] = people[0][0]

    def do(self, inquiries: list[Inquiry], by: User, version: dict[UUID, int]) -> services.BulkResult:
        return services.bulk_assign(inquiries, self.working.get(self.cleaned_data["to"]), by, version=version)

    @staticmethod
    def why_not(inquiry: Inquiry) -> str:
        return gettext("withdrawn by the patient") if inquiry.is_withdrawn else ""


class BulkCloseForm(forms.Form):
    closed_as = forms.ChoiceField(
        label=_("Close as"),
        choices=[("", "–"), *((value, label) for value, label in ClosedAs.choices if value != ClosedAs.WITHDRAWN)],
        error_messages={"required": _("Say how they are closed"), "invalid_choice": _("Say how they are closed")},
    )

    def __init__(self, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data)

    def do(self, inquiries: list[Inquiry], by: User, version: dict[UUID, int]) -> services.BulkResult:
        return services.bulk_close(inquiries, self.cleaned_data["closed_as"], by, version=version)

    @staticmethod
    def why_not(inquiry: Inquiry) -> str:
        return gettext("closed already") if inquiry.status == Status.CLOSED else ""


BULK_FORMS = {"assign": BulkAssignForm, "close": BulkCloseForm}
