"""What each form of a record does, where on the page its answer stands, and what comes of a refusal.

A form that cannot be done comes back as an Attempt, with everything typed; nothing is written by halves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

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
from screening.desk.happenings import Happening, told
from screening.desk.sheet import sheet_of
from screening.desk.words import name_of
from screening.inquiries import records
from screening.inquiries.records.writing import done_since
from screening.models import Event, Inquiry


@dataclass(frozen=True)
class Done:
    """What to say, and in which part of the page."""

    said: str
    place: str
    is_refused: bool = False


@dataclass(frozen=True)
class Attempt:
    """A form that was sent and not done. ``meanwhile`` is what colleagues did since its page was made."""

    name: str
    form: forms.Form
    seen: int
    meanwhile: list[Happening] = field(default_factory=list)
    rows_meanwhile: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        return ACTIONS[self.name].place


@dataclass(frozen=True)
class Action:
    """``form`` is called with inquiry, member of staff and data; ``do`` also writes, and says what was done.

    ``overtaken_by`` are the kinds of events after which other choices are offered.
    """

    place: str
    form: Callable[..., forms.Form]
    do: Callable[[Inquiry, forms.Form, object, int], Done]
    overtaken_by: tuple[str, ...] = ()


def attempt(inquiry: Inquiry, by, data) -> Done | Attempt:
    """Do what the form that was sent says. Raises SealBroken, and Inquiry.DoesNotExist for one erased meanwhile."""
    name = data.get("do", "")
    action = ACTIONS.get(name)
    if action is None:
        return Done(_("That button is not known here. Nothing was changed."), "", is_refused=True)
    form, seen = action.form(inquiry, by, data), seen_in(data)
    if not form.is_valid():
        return _refused(name, form, inquiry, seen, by)
    try:
        return action.do(inquiry, form, by, seen)
    except records.Stale as stale:
        return _overtaken(name, form, stale, by)
    except records.IsWithdrawn:
        return Done(_("The patient has withdrawn this inquiry meanwhile. Nothing was changed."), "", is_refused=True)
    except records.NotReachable:
        form.refuse_as_unreachable(form.changes())
        return Attempt(name, form, seen)
    except tuple(_REFUSALS) as refusal:
        return Done(_REFUSALS[type(refusal)](), action.place, is_refused=True)


def forms_for(inquiry: Inquiry, by, names: Iterable[str], tried: Attempt | None = None) -> dict[str, forms.Form]:
    """A form for each of these actions; the one that was tried as it came."""
    return {name: tried.form if tried and tried.name == name else ACTIONS[name].form(inquiry, by) for name in names}


def seen_in(data) -> int:
    """The newest event that the page knew; none, where it does not say: then everything counts as not seen."""
    said = data.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else 0


def as_it_stands(inquiry: Inquiry) -> tuple[int, Inquiry]:
    """The number of its newest event, and the record read after it, so that a form never claims to have seen more."""
    seen = records.newest_event(inquiry)
    return seen, Inquiry.objects.select_related("assignee", "wording").get(pk=inquiry.pk)


def _refused(name: str, form: forms.Form, inquiry: Inquiry, seen: int, by) -> Attempt:
    """A form is looked at as the record stands now; so what was offered before may be no choice any more."""
    events = done_since(inquiry, seen, *ACTIONS[name].overtaken_by) if ACTIONS[name].overtaken_by else []
    return _overtaken(name, form, records.Stale(inquiry, events), by) if events else Attempt(name, form, seen)


def _overtaken(name: str, form: forms.Form, stale: records.Stale, by) -> Attempt:
    """The same form for the record as it stands now: what was typed stays, all else is what colleagues made of it."""
    seen, inquiry = as_it_stands(stale.inquiry)
    make = ACTIONS[name].form
    again = make(inquiry, by, _typed_over(form, make(inquiry, by)))
    rows = frozenset(event.detail for event in stale.events) if name == "marks" else frozenset()
    return Attempt(name, again, seen, told(inquiry, stale.events), rows)


def _typed_over(form: forms.Form, now: forms.Form) -> dict:
    """What was changed in ``form``, and for each other field what stands there now."""
    data = {}
    for bound in now:
        was_typed = not bound.field.show_hidden_initial or bound.name in form.changed_data
        data[bound.html_name] = form.data.get(bound.html_name) if was_typed else bound.value()
        data[bound.html_initial_name] = bound.value()
    return data


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

_REFUSALS = {
    records.IllegalMove: lambda: _("That move is not possible any more. Nothing was changed."),
    records.NothingToUndo: lambda: _("There is nothing left to undo. Nothing was changed."),
    records.NotGivenUp: lambda: _("A colleague has seen to this letter meanwhile. Nothing was changed."),
}
