"""Applies the erasure log to a restored database: erasures, withdrawals and legal holds since the backup."""

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
_EVENTS: dict[str, Event.Kind] = {
    _What.WITHDRAWN: Event.Kind.WITHDRAWN,
    _What.ERASED: Event.Kind.ERASED,
    _What.SHUT: Event.Kind.WITHDRAWN,
}


@dataclass
class Reapplied:
    """How many inquiries were erased, and how many the log puts on legal hold."""

    erased: int = 0
    held: int = 0


def reapply_erasures(lines: Iterable[LogLine]) -> Reapplied:
    """Apply the log lines of each inquiry in order. Idempotent."""
    by_token: dict[str, list[LogLine]] = {}
    for line in lines:
        by_token.setdefault(line.of, []).append(line)
    replayed = Reapplied()
    for pk in list(Inquiry.objects.values_list("pk", flat=True)):
        if inquiry_lines := by_token.get(token_of(pk)):
            _replay(pk, inquiry_lines, replayed)
    return replayed


def _replay(pk: UUID, lines: list[LogLine], replayed: Reapplied) -> None:
    last = lines[-1]
    with transaction.atomic():
        inquiry = lock_inquiry(pk)
        if last.what == _What.PURGED:
            inquiry.delete()
            replayed.erased += 1
            return
        inquiry.held_since = _held_since(lines)
        inquiry.save(update_fields=["held_since"])
        replayed.held += inquiry.is_on_hold
        if last.what in _EVENTS:
            replayed.erased += _reapply_withdrawal(inquiry, last)


def _held_since(lines: list[LogLine]) -> datetime | None:
    """The start of the newest hold; None if it was lifted or the inquiry has been erased since."""
    since = None
    for line in lines:
        if line.what == _What.HELD:
            since = line.at
        elif line.what != _What.SHUT:
            since = None
    return since


def _reapply_withdrawal(inquiry: Inquiry, line: LogLine) -> bool:
    """Close the inquiry and erase its content; returns whether there was content to erase."""
    has_content = Inquiry.objects.filter(pk=inquiry.pk, answers__isnull=False).exists()
    if not inquiry.is_withdrawn:
        close_as_withdrawn(inquiry)
        add_event(inquiry, _EVENTS[line.what], detail="restored")
    if not inquiry.is_erased or not has_content:
        return False
    erase_content(inquiry)
    return True
