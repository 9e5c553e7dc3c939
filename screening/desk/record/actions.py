"""DATA: the actions of a record: the form of each, what it does, and where on the page its result is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from screening.desk.labels import staff_name
from screening.desk.record.forms import (
    AppointmentForm,
    AssignForm,
    CallForm,
    ContactForm,
    FailedLetterForm,
    MarksForm,
    MessageForm,
    MoveForm,
    MoveTimeForm,
    NoteForm,
    OfferForm,
    UndoForm,
    WorkForm,
)
from screening.desk.record.sheet import sheet_of
from screening.inquiries import services
from screening.inquiries.services.appointments import EVENT_KINDS as _APPOINTMENT_KINDS
from screening.models import Event, Inquiry
from screening.outbox import queue


@dataclass(frozen=True)
class ActionResult:
    """``message``, and ``place``, the id of the element of the page that shows it.

    ``leads_on``: the next unread inquiry is shown instead of this one.
    """

    message: str
    place: str
    is_refused: bool = False
    leads_on: bool = False


@dataclass(frozen=True)
class Action:
    """``form`` is called with inquiry, user and data; ``do`` with inquiry, valid form, user and version.

    ``conflicting_kinds``: kinds of events that change the choices which the form offers.
    """

    place: str
    form: Callable[..., forms.Form]
    do: Callable[[Inquiry, Any, User, int], ActionResult]  # Any: the form that ``form`` makes
    conflicting_kinds: tuple[str, ...] = ()


def _marks(inquiry: Inquiry, by: User, data: Mapping[str, Any] | None = None) -> MarksForm:
    return MarksForm(sheet_of(inquiry), data)


def _do_marks(inquiry: Inquiry, form: MarksForm, by: User, version: int) -> ActionResult:
    rows = services.set_marks(inquiry, form.changed(), by, version=version)
    if not rows:
        return ActionResult(_("Nothing was different, so nothing was saved."), "marks")
    return ActionResult(_("Marks and notes are saved."), f"row-{rows[0]}")


def _do_note(inquiry: Inquiry, form: NoteForm, by: User, version: int) -> ActionResult:
    services.add_note(inquiry, form.cleaned_data["text"], by, version=version)
    return ActionResult(_("The note is added."), "notes")


def _do_message(inquiry: Inquiry, form: MessageForm, by: User, version: int) -> ActionResult:
    text, message_id = form.cleaned_data["text"], form.cleaned_data["message_id"]
    services.write_message(inquiry, text, by, message_id, version=version)
    return ActionResult(_("The message is on the patient's page. We send them a mail that says so."), "conversation")


def _do_call(inquiry: Inquiry, form: CallForm, by: User, version: int) -> ActionResult:
    services.log_call(inquiry, form.cleaned_data["note"], by, version=version)
    return ActionResult(_("The call is logged."), "call")


def _do_assign(inquiry: Inquiry, form: AssignForm, by: User, version: int) -> ActionResult:
    assignee = form.cleaned_data["assignee"]
    services.assign(inquiry, assignee, by, version=version)
    message = _("Assigned to %(name)s.") % {"name": staff_name(assignee)} if assignee else _("Assigned to nobody.")
    return ActionResult(message, "assignment")


def _do_move(inquiry: Inquiry, form: MoveForm, by: User, version: int) -> ActionResult:
    status, closed_as = form.cleaned_data["to"]
    services.move_status(inquiry, status, by, closed_as, form.cleaned_data.get("reason", ""), version=version)
    return ActionResult(_("The status is changed."), "status")


def _do_undo(inquiry: Inquiry, form: UndoForm, by: User, version: int) -> ActionResult:
    services.undo_status_move(inquiry, by, version=version)
    return ActionResult(_("The status is back to what it was."), "status")


def _do_offer(inquiry: Inquiry, form: OfferForm, by: User, version: int) -> ActionResult:
    services.offer_times(inquiry, form.cleaned_data["times"], by, version=version)
    return ActionResult(_("The times are offered. The patient can take one on their page."), "appointments")


def _do_withdraw_offer(inquiry: Inquiry, form: AppointmentForm, by: User, version: int) -> ActionResult:
    services.withdraw_offer(inquiry, form.cleaned_data["appointment"].pk, by, version=version)
    return ActionResult(_("The offer is withdrawn."), "appointments")


def _do_confirm_time(inquiry: Inquiry, form: AppointmentForm, by: User, version: int) -> ActionResult:
    services.confirm(inquiry, form.cleaned_data["appointment"].pk, by, version=version)
    return ActionResult(_("The appointment is confirmed."), "appointments")


def _do_move_time(inquiry: Inquiry, form: MoveTimeForm, by: User, version: int) -> ActionResult:
    services.move(inquiry, form.cleaned_data["appointment"].pk, form.cleaned_data["to"], by, version=version)
    return ActionResult(_("The appointment is moved."), "appointments")


def _do_cancel_time(inquiry: Inquiry, form: AppointmentForm, by: User, version: int) -> ActionResult:
    services.cancel(inquiry, form.cleaned_data["appointment"].pk, by, version=version)
    return ActionResult(_("The appointment is cancelled."), "appointments")


def _do_no_show(inquiry: Inquiry, form: AppointmentForm, by: User, version: int) -> ActionResult:
    services.record_no_show(inquiry, form.cleaned_data["appointment"].pk, by, version=version)
    return ActionResult(_("It is recorded that they were not there."), "appointments")


def _do_contact(inquiry: Inquiry, form: ContactForm, by: User, version: int) -> ActionResult:
    changed = services.correct_contact(inquiry, form.changes(), by, version=version)
    message = _("The contact details are corrected.") if changed else _("Nothing was different, so nothing was saved.")
    return ActionResult(message, "contact")


def _do_work(inquiry: Inquiry, form: WorkForm, by: User, version: int) -> ActionResult:
    work = form.work()
    if work.is_empty:
        return ActionResult(_("Nothing was entered, so nothing was saved."), "", leads_on=True)
    services.record_work(inquiry, work, by, version=version)
    return ActionResult(_("Saved."), "", leads_on=True)


def _do_dismiss(inquiry: Inquiry, form: FailedLetterForm, by: User, version: int) -> ActionResult:
    queue.dismiss_letter(form.cleaned_data["letter"], by)
    return ActionResult(_("The letter is set aside. It will not be sent."), "letters")


def _do_retry(inquiry: Inquiry, form: FailedLetterForm, by: User, version: int) -> ActionResult:
    queue.retry_letter(form.cleaned_data["letter"], by)
    return ActionResult(_("The letter is tried again."), "letters")


ACTIONS = {
    "work": Action("work", WorkForm, _do_work, (Event.Kind.ASSIGNED, Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)),
    "marks": Action("marks", _marks, _do_marks),
    "note": Action("notes", NoteForm, _do_note),
    "message": Action("conversation", MessageForm, _do_message),
    "call": Action("call", CallForm, _do_call),
    "assign": Action("assignment", AssignForm, _do_assign, (Event.Kind.ASSIGNED,)),
    "move": Action("status", MoveForm, _do_move, (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)),
    "undo": Action("status", UndoForm, _do_undo),
    "offer": Action("appointments", OfferForm, _do_offer, _APPOINTMENT_KINDS),
    "withdraw-offer": Action("appointments", AppointmentForm, _do_withdraw_offer),
    "confirm-time": Action("appointments", AppointmentForm, _do_confirm_time),
    "move-time": Action("appointments", MoveTimeForm, _do_move_time, _APPOINTMENT_KINDS),
    "cancel-time": Action("appointments", AppointmentForm, _do_cancel_time),
    "no-show": Action("appointments", AppointmentForm, _do_no_show),
    "contact": Action("contact", ContactForm, _do_contact),
    "retry": Action("letters", FailedLetterForm, _do_retry),
    "set-aside": Action("letters", FailedLetterForm, _do_dismiss),
}
# The actions that need no decrypted value.
AVAILABLE_UNDECRYPTED = ("assign", "move", "undo")

REFUSAL_MESSAGES = {
    services.IllegalMove: lambda: _("That move is not possible any more. Nothing was changed."),
    services.NothingToUndo: lambda: _("There is nothing left to undo. Nothing was changed."),
    services.NoEmailAddress: lambda: _("There is no e-mail address, so no message was written. Call them."),
    services.InquiryClosed: lambda: _("The inquiry is closed. Reopen it to offer times."),
    services.TooManyOffers: lambda: _("More than five times would be open. Nothing was changed."),
    services.AppointmentChanged: lambda: _("That is not possible any more with this appointment. Nothing was changed."),
    services.TimePast: lambda: _("This time is over. Nothing was changed."),
    queue.NotFailed: lambda: _("A colleague has seen to this letter meanwhile. Nothing was changed."),
}
