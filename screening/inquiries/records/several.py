"""The same done to several inquiries at once. Each is a transaction of its own.

So one that a colleague has moved meanwhile does not undo the others, and patients who send at that moment wait for
one row, not for a hundred. What could not be done is reported.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from screening.inquiries.records.moving import IllegalMove, assign, move
from screening.inquiries.records.writing import IsWithdrawn, Stale
from screening.models import Inquiry, Status

Seen = Mapping[UUID, int]


@dataclass
class Outcome:
    """``refused`` pairs an inquiry with why: IllegalMove, IsWithdrawn, Stale or, when erased, DoesNotExist."""

    done: list[Inquiry] = field(default_factory=list)
    refused: list[tuple[Inquiry, Exception]] = field(default_factory=list)


def assign_many(inquiries: Iterable[Inquiry], to, by, *, seen: Seen | None = None) -> Outcome:
    """Give each to a member of staff, or to nobody; ``seen`` maps an inquiry's id to its newest event."""
    return _each(inquiries, lambda inquiry: assign(inquiry, to, by, seen=(seen or {}).get(inquiry.pk)))


def close_many(inquiries: Iterable[Inquiry], closed_as: str, by, *, seen: Seen | None = None) -> Outcome:
    """Close each; one that is closed already is refused."""

    def close(inquiry: Inquiry) -> None:
        move(inquiry, Status.CLOSED, by, closed_as, seen=(seen or {}).get(inquiry.pk))

    return _each(inquiries, close)


def _each(inquiries: Iterable[Inquiry], do: Callable[[Inquiry], None]) -> Outcome:
    outcome = Outcome()
    for inquiry in inquiries:
        try:
            do(inquiry)
        except (IllegalMove, IsWithdrawn, Stale, Inquiry.DoesNotExist) as why:
            outcome.refused.append((inquiry, why))
        else:
            outcome.done.append(inquiry)
    return outcome
