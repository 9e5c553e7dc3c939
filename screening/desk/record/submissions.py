"""Submission of a form of a record: performed, or returned as a RejectedForm with everything that was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from screening.desk.record.actions import ACTIONS, AVAILABLE_UNDECRYPTED, REFUSAL_MESSAGES, ActionResult
from screening.desk.record.forms import ContactForm
from screening.desk.record.timeline import TimelineEntry, timeline
from screening.desk.record.version import reload, version_from
from screening.inquiries import services
from screening.inquiries.services.locking import events_since
from screening.models import Inquiry


@dataclass(frozen=True)
class RejectedForm:
    """A submitted form that was not performed. ``conflicts``: what colleagues did since its page was made."""

    name: str
    form: forms.Form
    version: int
    conflicts: list[TimelineEntry] = field(default_factory=list)
    conflicting_rows: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        return ACTIONS[self.name].place


def submit_form(inquiry: Inquiry, by: User, data: Mapping[str, Any]) -> ActionResult | RejectedForm:
    """Perform the submitted form. Raises DecryptionError, and Inquiry.DoesNotExist if the inquiry was erased."""
    name = data.get("do", "")
    if name not in ACTIONS:
        return ActionResult(_("That button is not known here. Nothing was changed."), "", is_refused=True)
    if inquiry.is_withdrawn:
        return _withdrawn_result()
    if name not in AVAILABLE_UNDECRYPTED:
        _require_decryptable(inquiry)
    form, version = ACTIONS[name].form(inquiry, by, data), version_from(data)
    return _perform(name, form, inquiry, version, by) if form.is_valid() else _reject(name, form, inquiry, version, by)


def _perform(name: str, form: forms.Form, inquiry: Inquiry, version: int, by: User) -> ActionResult | RejectedForm:
    action = ACTIONS[name]
    try:
        return action.do(inquiry, form, by, version)
    except services.Conflict as conflict:
        return _conflict(name, form, conflict, by)
    except services.IsWithdrawn:
        return _withdrawn_result()
    except services.Unreachable:
        if isinstance(form, ContactForm):
            form.refuse_as_unreachable(form.changes())
        return RejectedForm(name, form, version)
    except services.TimeTaken:
        form.add_error(None, _("Another appointment was made at this time meanwhile. Choose another one"))
        return RejectedForm(name, form, version)
    except tuple(REFUSAL_MESSAGES) as refusal:
        return ActionResult(REFUSAL_MESSAGES[type(refusal)](), action.place, is_refused=True)


def forms_for(
    inquiry: Inquiry, by: User, names: Iterable[str], rejected: RejectedForm | None = None
) -> dict[str, forms.Form]:
    """The forms of these actions by name; the rejected one keeps its data."""
    return {
        name: rejected.form if rejected and rejected.name == name else ACTIONS[name].form(inquiry, by) for name in names
    }


def _require_decryptable(inquiry: Inquiry) -> None:
    """Raise DecryptionError before anything is written to a record that cannot be read."""
    _values = inquiry.answers, inquiry.contact


def _withdrawn_result() -> ActionResult:
    return ActionResult(
        _("The patient has withdrawn this inquiry meanwhile. Nothing was changed."), "", is_refused=True
    )


def _reject(name: str, form: forms.Form, inquiry: Inquiry, version: int, by: User) -> ActionResult | RejectedForm:
    """An invalid form. If a colleague changed what it may choose from, that is a conflict instead of an error."""
    events = events_since(inquiry, version, *ACTIONS[name].conflicting_kinds) if ACTIONS[name].conflicting_kinds else []
    return (
        _conflict(name, form, services.Conflict(inquiry, events), by) if events else RejectedForm(name, form, version)
    )


def _conflict(name: str, form: forms.Form, conflict: services.Conflict, by: User) -> ActionResult | RejectedForm:
    """The form on the current record: changed fields keep what was typed, the others show the current values."""
    version, inquiry = reload(conflict.inquiry)
    if inquiry.is_withdrawn:
        return _withdrawn_result()
    make = ACTIONS[name].form
    merged = make(inquiry, by, _merge_typed(form, make(inquiry, by)))
    rows = frozenset(event.detail for event in conflict.events) if name == "marks" else frozenset()
    return RejectedForm(name, merged, version, timeline(inquiry, conflict.events), rows)


def _merge_typed(form: forms.Form, current: forms.Form) -> dict[str, Any]:
    """Form data: what was typed into the changed fields of ``form``, the values of ``current`` for the others."""
    data: dict[str, Any] = {}
    for bound in current:
        was_typed = not bound.field.show_hidden_initial or bound.name in form.changed_data
        data[bound.html_name] = form.data.get(bound.html_name) if was_typed else bound.value()
        data[bound.html_initial_name] = bound.value()
    return data
