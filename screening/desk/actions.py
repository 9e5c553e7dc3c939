"""What each form of a record does, and where on the page its answer stands."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _

from screening.desk.forms import (
    AssignForm,
    CallForm,
    ContactForm,
    FailedLetterForm,
    MarksForm,
    MoveForm,
    NoteForm,
    UndoForm,
)
from screening.desk.sheet import sheet_of
from screening.desk.words import name_of
from screening.inquiries import records
from screening.models import Event, Inquiry


@dataclass(frozen=True)
class Done:
    """What to say, and in which part of the page."""

    said: str
    place: str
    is_refused: bool = False


@dataclass(frozen=True)
class Action:
    """``form`` is called with inquiry, member of staff and data; ``do`` also writes, and says what was done.

    ``overtaken_by`` are the kinds of events after which other choices are offered.
    """

    place: str
    form: Callable[..., forms.Form]
    do: Callable[[Inquiry, forms.Form, object, int], Done]
    overtaken_by: tuple[str, ...] = ()


def _marks(inquiry: Inquiry, by, data=None) -> MarksForm:
    return MarksForm(sheet_of(inquiry), data)


def _do_marks(inquiry: Inquiry, form: MarksForm, by, seen: int) -> Done:
    rows = records.mark_rows(inquiry, form.changed(), by, seen=seen)
    if not rows:
        return Done(_("Nothing was different, so nothing was saved."), "marks")
    return Done(_("Marks and notes are saved."), f"row-{rows[0]}")


def _do_note(inquiry: Inquiry, form: NoteForm, by, seen: int) -> Done:
    records.note(inquiry, form.cleaned_data["text"], by, seen=seen)
    return Done(_("The note is added."), "notes")


def _do_call(inquiry: Inquiry, form: CallForm, by, seen: int) -> Done:
    records.log_call(inquiry, form.cleaned_data["note"], by, seen=seen)
    return Done(_("The call is logged."), "call")


def _do_assign(inquiry: Inquiry, form: AssignForm, by, seen: int) -> Done:
    to = form.cleaned_data["assignee"]
    records.assign(inquiry, to, by, seen=seen)
    said = _("Assigned to %(name)s.") % {"name": name_of(to)} if to else _("Assigned to nobody.")
    return Done(said, "assignment")


def _do_move(inquiry: Inquiry, form: MoveForm, by, seen: int) -> Done:
    status, closed_as = form.cleaned_data["to"]
    records.move(inquiry, status, by, closed_as, form.cleaned_data.get("reason", ""), seen=seen)
    return Done(_("The status is changed."), "status")


def _undo(inquiry: Inquiry, form: UndoForm, by, seen: int) -> Done:
    records.undo_move(inquiry, by, seen=seen)
    return Done(_("The status is back to what it was."), "status")


def _do_contact(inquiry: Inquiry, form: ContactForm, by, seen: int) -> Done:
    changed = records.correct_contact(inquiry, form.changes(), by, seen=seen)
    said = _("The contact details are corrected.") if changed else _("Nothing was different, so nothing was saved.")
    return Done(said, "contact")


def _set_aside(inquiry: Inquiry, form: FailedLetterForm, by, seen: int) -> Done:
    records.set_aside_letter(form.cleaned_data["letter"], by)
    return Done(_("The letter is set aside. It will not be sent."), "letters")


def _retry(inquiry: Inquiry, form: FailedLetterForm, by, seen: int) -> Done:
    records.retry_letter(form.cleaned_data["letter"], by)
    return Done(_("The letter is tried again."), "letters")


ACTIONS = {
    "marks": Action("marks", _marks, _do_marks),
    "note": Action("notes", NoteForm, _do_note),
    "call": Action("call", CallForm, _do_call),
    "assign": Action("assignment", AssignForm, _do_assign, (Event.Kind.ASSIGNED,)),
    "move": Action("status", MoveForm, _do_move, (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)),
    "undo": Action("status", UndoForm, _undo),
    "contact": Action("contact", ContactForm, _do_contact),
    "retry": Action("letters", FailedLetterForm, _retry),
    "set-aside": Action("letters", FailedLetterForm, _set_aside),
}
# What a record whose seal is broken still takes.
WITHOUT_ITS_SEAL = ("assign", "move", "undo")

REFUSALS = {
    records.IllegalMove: lambda: _("That move is not possible any more. Nothing was changed."),
    records.NothingToUndo: lambda: _("There is nothing left to undo. Nothing was changed."),
    records.NotGivenUp: lambda: _("A colleague has seen to this letter meanwhile. Nothing was changed."),
}
