"""The forms of the bulk actions: assign, close."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.desk.form_fields import set_choices
from screening.desk.inbox.filters import UNASSIGNED
from screening.desk.labels import staff_name
from screening.inquiries import services
from screening.models import ClosedAs, Inquiry, Status


class BulkForm(forms.Form):
    """``by`` is the user. ``do`` performs the action; ``why_not`` says why it is impossible for an inquiry, or ""."""

    def __init__(self, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(data)

    def do(self, inquiries: list[Inquiry], by: User, versions: dict[UUID, int | None]) -> services.BulkResult:
        raise NotImplementedError

    @staticmethod
    def why_not(inquiry: Inquiry) -> str:
        raise NotImplementedError


class BulkAssignForm(BulkForm):
    """Managers assign to anybody who may edit, or to nobody; others to themselves."""

    to = forms.ChoiceField(
        label=_("Assign to"), error_messages={"required": _("Choose a person"), "invalid_choice": _("Choose a person")}
    )

    def __init__(self, by: User, data: Mapping[str, Any] | None = None):
        super().__init__(by, data)
        self.working = {str(member.pk): member for member in permissions.possible_assignees(by)}
        nobody = [(UNASSIGNED, _("Nobody"))] if permissions.may_assign_others(by) else []
        people = [(pk, staff_name(member)) for pk, member in self.working.items()]
        set_choices(self, "to", [("", "–"), *people, *nobody])
        if len(people) == 1 and not nobody:
            self.initial["to"] = people[0][0]

    def do(self, inquiries: list[Inquiry], by: User, versions: dict[UUID, int | None]) -> services.BulkResult:
        return services.bulk_assign(inquiries, self.working.get(self.cleaned_data["to"]), by, version=versions)

    @staticmethod
    def why_not(inquiry: Inquiry) -> str:
        return gettext("withdrawn by the patient") if inquiry.is_withdrawn else ""


class BulkCloseForm(BulkForm):
    closed_as = forms.ChoiceField(
        label=_("Close as"),
        choices=[("", "–"), *((value, label) for value, label in ClosedAs.choices if value != ClosedAs.WITHDRAWN)],
        error_messages={"required": _("Say how they are closed"), "invalid_choice": _("Say how they are closed")},
    )

    def do(self, inquiries: list[Inquiry], by: User, versions: dict[UUID, int | None]) -> services.BulkResult:
        return services.bulk_close(inquiries, self.cleaned_data["closed_as"], by, version=versions)

    @staticmethod
    def why_not(inquiry: Inquiry) -> str:
        return gettext("closed already") if inquiry.status == Status.CLOSED else ""


BULK_FORMS: dict[str, type[BulkForm]] = {"assign": BulkAssignForm, "close": BulkCloseForm}
