"""Records a whole piece of work on an inquiry at once: call, note, assignment and status."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from screening.inquiries.services.annotation import add_note
from screening.inquiries.services.contact import log_call
from screening.inquiries.services.locking import events_by, events_since, lock_for_change, raise_on_conflict
from screening.inquiries.services.status_change import assign, move_status
from screening.models import Event, Inquiry

_MOVE_KINDS = (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)
# What the patient did meanwhile, which staff must see before they go on to the next inquiry.
_PATIENT_KINDS = (Event.Kind.MESSAGE_RECEIVED, Event.Kind.CALL_TIME_CHANGED)


@dataclass(frozen=True)
class Work:
    """What one form says was done; everything empty is left as it is.

    ``note`` is what was said if ``is_call``. ``assignee`` counts only if ``reassigns``; None stands for nobody.
    """

    is_call: bool = False
    note: str = ""
    reassigns: bool = False
    assignee: User | None = None
    status: str = ""
    closed_as: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.is_call or self.note or self.reassigns or self.status)


def record_work(inquiry: Inquiry, work: Work, by: User, *, version: int | None = None) -> None:
    """All of it in one transaction, or nothing. Raises Conflict, IllegalMove."""
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        kinds = {
            *_PATIENT_KINDS,
            *(_MOVE_KINDS if work.status else ()),
            *((Event.Kind.ASSIGNED,) if work.reassigns else ()),
        }
        own = [*([Event.Kind.CALLED] if work.is_call else []), *([Event.Kind.NOTED] if work.note else [])]
        mine_twice = events_by(events_since(locked, version, *own), by)
        raise_on_conflict(locked, sorted([*events_since(locked, version, *kinds), *mine_twice], key=lambda e: e.pk))
        if work.is_call:
            log_call(locked, work.note, by)
        elif work.note:
            add_note(locked, work.note, by)
        if work.reassigns:
            assign(locked, work.assignee, by)
        if work.status:
            move_status(locked, work.status, by, work.closed_as)
