"""A restored database is told again what the ledger knows: who was erased, taken back or held since the backup."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from screening.inquiries.ledger import Line, token_of
from screening.inquiries.records.erasing import erase, shut
from screening.inquiries.records.writing import leave_event, locked
from screening.models import Event, Inquiry, LedgerEntry

_What = LedgerEntry.What
_EVENTS = {_What.WITHDRAWN: Event.Kind.WITHDRAWN, _What.ERASED: Event.Kind.ERASED, _What.SHUT: Event.Kind.WITHDRAWN}


@dataclass
class Replayed:
    """How many inquiries were erased, and how many are on hold as the ledger says."""

    erased: int = 0
    held: int = 0


def replay(lines: Iterable[Line]) -> Replayed:
    """Do to each inquiry what its lines say, in their order. A second time it does no harm."""
    told: dict[str, list[Line]] = {}
    for line in lines:
        told.setdefault(line.of, []).append(line)
    replayed = Replayed()
    for pk in list(Inquiry.objects.values_list("pk", flat=True)):
        if its_own := told.get(token_of(pk)):
            _replay(pk, its_own, replayed)
    return replayed


def _replay(pk: UUID, lines: list[Line], replayed: Replayed) -> None:
    last = lines[-1]
    with transaction.atomic():
        held = locked(pk)
        if last.what == _What.PURGED:
            held.delete()
            replayed.erased += 1
            return
        held.held_since = _held_since(lines)
        held.save(update_fields=["held_since"])
        replayed.held += held.is_on_hold
        if last.what in _EVENTS:
            replayed.erased += _taken_back(held, last)


def _held_since(lines: list[Line]) -> datetime | None:
    """The newest hold, unless it was lifted or what was held has been erased."""
    since = None
    for line in lines:
        if line.what == _What.HELD:
            since = line.at
        elif line.what != _What.SHUT:
            since = None
    return since


def _taken_back(held: Inquiry, line: Line) -> bool:
    """Whether there was something to erase."""
    has_content = Inquiry.objects.filter(pk=held.pk, answers__isnull=False).exists()
    if not held.is_withdrawn:
        shut(held)
        leave_event(held, _EVENTS[line.what], detail="restored")
    if not held.is_erased or not has_content:
        return False
    erase(held)
    return True
