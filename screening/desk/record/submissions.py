"""A form of a record that was sent: done, or back as an Attempt with everything typed; nothing is written by halves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from screening.desk.record.actions import ACTIONS, AVAILABLE_UNDECRYPTED, REFUSAL_MESSAGES, ActionResult
from screening.desk.record.timeline import TimelineEntry, timeline
from screening.desk.record.version import reload, version_from
from screening.inquiries import services
from screening.inquiries.services.locking import events_since
from screening.models import Inquiry


@dataclass(frozen=True)
class RejectedForm:
    """A form that was sent and not done. ``conflicts`` is what colleagues did since its page was made."""

    name: str
    form: forms.Form
    version: int
    conflicts: list[TimelineEntry] = field(default_factory=list)
    conflicting_rows: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        return ACTIONS[self.name].place


def submit_form(inquiry: Inquiry, by: User, data: Mapping[str, Any]) -> ActionResult | RejectedForm:
    """Do what the form that was sent says. Raises SealBroken, and Inquiry.DoesNotExist for one erased meanwhile."""
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
        form.refuse_as_unreachable(form.changes())
        return RejectedForm(name, form, version)
    except tuple(REFUSAL_MESSAGES) as refusal:
        return ActionResult(REFUSAL_MESSAGES[type(refusal)](), action.place, is_refused=True)


def forms_for(
    inquiry: Inquiry, by: User, names: Iterable[str], rejected: RejectedForm | None = None
) -> dict[str, forms.Form]:
    """A form for each of these actions; the one that was tried as it came."""
    return {
        name: rejected.form if rejected and rejected.name == name else ACTIONS[name].form(inquiry, by) for name in names
    }


def _require_decryptable(inquiry: Inquiry) -> None:
    """Raise SealBroken before anything is written to a record that nobody can read."""
    _sealed_values = inquiry.answers, inquiry.contact


def _withdrawn_result() -> ActionResult:
    return ActionResult(
        _("The patient has withdrawn this inquiry meanwhile. Nothing was changed."), "", is_refused=True
    )


def _reject(name: str, form: forms.Form, inquiry: Inquiry, version: int, by: User) -> ActionResult | RejectedForm:
    """A form is looked at as the record stands now; so what was offered before may be no choice any more."""
    events = events_since(inquiry, version, *ACTIONS[name].conflicting_kinds) if ACTIONS[name].conflicting_kinds else []
    return (
        _conflict(name, form, services.Conflict(inquiry, events), by) if events else RejectedForm(name, form, version)
    )


def _conflict(name: str, form: forms.Form, conflict: services.Conflict, by: User) -> ActionResult | RejectedForm:
    """The same form for the record as it stands now: what was typed stays, all else is what colleagues made of it."""
    version, inquiry = reload(conflict.inquiry)
    if inquiry.is_withdrawn:
        return _withdrawn_result()
    make = ACTIONS[name].form
    again = make(inquiry, by, _merge_typed(form, make(inquiry, by)))
    rows = frozenset(event.detail for event in conflict.events) if name == "marks" else frozenset()
    return RejectedForm(name, again, version, timeline(inquiry, conflict.events), rows)


def _merge_typed(form: forms.Form, now: forms.Form) -> dict:
    """What was changed in ``form``, and for each other field what stands there now."""
    data = {}
    for bound in now:
        was_typed = not bound.field.show_hidden_initial or bound.name in form.changed_data
        data[bound.html_name] = form.data.get(bound.html_name) if was_typed else bound.value()
        data[bound.html_initial_name] = bound.value()
    return data
