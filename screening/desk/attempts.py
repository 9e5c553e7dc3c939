"""A form of a record that was sent: done, or back as an Attempt with everything typed; nothing is written by halves."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _

from screening.desk.actions import ACTIONS, REFUSALS, WITHOUT_ITS_SEAL, Done
from screening.desk.happenings import Happening, told
from screening.desk.seen import as_it_stands, seen_in
from screening.inquiries import records
from screening.inquiries.records.writing import done_since
from screening.models import Inquiry


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


def attempt(inquiry: Inquiry, by, data) -> Done | Attempt:
    """Do what the form that was sent says. Raises SealBroken, and Inquiry.DoesNotExist for one erased meanwhile."""
    name = data.get("do", "")
    if name not in ACTIONS:
        return Done(_("That button is not known here. Nothing was changed."), "", is_refused=True)
    if inquiry.is_withdrawn:
        return _withdrawn()
    if name not in WITHOUT_ITS_SEAL:
        _open(inquiry)
    form, seen = ACTIONS[name].form(inquiry, by, data), seen_in(data)
    return _done(name, form, inquiry, seen, by) if form.is_valid() else _refused(name, form, inquiry, seen, by)


def _done(name: str, form: forms.Form, inquiry: Inquiry, seen: int, by) -> Done | Attempt:
    action = ACTIONS[name]
    try:
        return action.do(inquiry, form, by, seen)
    except records.Stale as stale:
        return _overtaken(name, form, stale, by)
    except records.IsWithdrawn:
        return _withdrawn()
    except records.NotReachable:
        form.refuse_as_unreachable(form.changes())
        return Attempt(name, form, seen)
    except tuple(REFUSALS) as refusal:
        return Done(REFUSALS[type(refusal)](), action.place, is_refused=True)


def forms_for(inquiry: Inquiry, by, names: Iterable[str], tried: Attempt | None = None) -> dict[str, forms.Form]:
    """A form for each of these actions; the one that was tried as it came."""
    return {name: tried.form if tried and tried.name == name else ACTIONS[name].form(inquiry, by) for name in names}


def _open(inquiry: Inquiry) -> None:
    """Raise SealBroken before anything is written to a record that nobody can read."""
    _sealed_values = inquiry.answers, inquiry.contact


def _withdrawn() -> Done:
    return Done(_("The patient has withdrawn this inquiry meanwhile. Nothing was changed."), "", is_refused=True)


def _refused(name: str, form: forms.Form, inquiry: Inquiry, seen: int, by) -> Done | Attempt:
    """A form is looked at as the record stands now; so what was offered before may be no choice any more."""
    events = done_since(inquiry, seen, *ACTIONS[name].overtaken_by) if ACTIONS[name].overtaken_by else []
    return _overtaken(name, form, records.Stale(inquiry, events), by) if events else Attempt(name, form, seen)


def _overtaken(name: str, form: forms.Form, stale: records.Stale, by) -> Done | Attempt:
    """The same form for the record as it stands now: what was typed stays, all else is what colleagues made of it."""
    seen, inquiry = as_it_stands(stale.inquiry)
    if inquiry.is_withdrawn:
        return _withdrawn()
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
