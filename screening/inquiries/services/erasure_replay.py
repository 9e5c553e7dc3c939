"""Applies the erasure log to a restored database: erasures, withdrawals and holds since the backup."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from screening.inquiries.services.erasure import close_as_withdrawn, erase_content
from screening.inquiries.services.locking import add_event, lock_inquiry
from screening.models import Event, Inquiry, LedgerEntry
from screening.privacy.erasure_log import LogLine, token_of

_What = LedgerEntry.What
_EVENTS = {_What.WITHDRAWN: Event.Kind.WITHDRAWN, _What.ERASED: Event.Kind.ERASED, _What.SHUT: Event.Kind.WITHDRAWN}


@dataclass
class Reapplied:
    """How many inquiries were erased, and how many are on hold by the log."""

    erased: int = 0
    held: int = 0


def reapply_erasures(lines: Iterable[LogLine]) -> Reapplied:
    """Apply the lines of each inquiry in their order. Idempotent."""
    told: dict[str, list[LogLine]] = {}
    for line in lines:
        told.setdefault(line.of, []).append(line)
    replayed = Reapplied()
    for pk in list(Inquiry.objects.values_list("pk", flat=True)):
        if its_own := told.get(token_of(pk)):
            _replay(pk, its_own, replayed)
    return replayed


def _replay(pk: UUID, lines: list[LogLine], replayed: Reapplied) -> None:
    last = lines[-1]
    with transaction.atomic():
        held = lock_inquiry(pk)
        if last.what == _What.PURGED:
            held.delete()
            replayed.erased += 1
            return
        held.held_since = _held_since(lines)
        held.save(update_fields=["held_since"])
        replayed.held += held.is_on_hold
        if last.what in _EVENTS:
            replayed.erased += _taken_back(held, last)


def _held_since(lines: list[LogLine]) -> datetime | None:
    """The newest hold, unless it was lifted or what was held has been erased."""
    since = None
    for line in lines:
        if line.what == _What.HELD:
            since = line.at
        elif line.what != _What.SHUT:
            since = None
    return since


def _taken_back(held: Inquiry, line: LogLine) -> bool:
    """Close and erase; returns whether there was content to erase."""
    has_content = Inquiry.objects.filter(pk=held.pk, answers__isnull=False).exists()
    if not held.is_withdrawn:
        close_as_withdrawn(held)
        add_event(held, _EVENTS[line.what], detail="restored")
    if not held.is_erased or not has_content:
        return False
    erase_content(held)
    return True
