"""Bulk actions: the same done to many inquiries, each in a transaction of its own.

A conflict on one does not undo the others, and a submission waits for one row instead of a hundred.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import User

from screening.inquiries.services.locking import Conflict, IsWithdrawn
from screening.inquiries.services.status_change import IllegalMove, assign, move_status
from screening.models import Inquiry, Status

Versions = Mapping[UUID, int]


@dataclass
class BulkResult:
    """``refused`` pairs an inquiry with why: IllegalMove, IsWithdrawn, Stale or, when erased, DoesNotExist."""

    done: list[Inquiry] = field(default_factory=list)
    refused: list[tuple[Inquiry, Exception]] = field(default_factory=list)


def bulk_assign(inquiries: Iterable[Inquiry], to, by: User, *, version: Versions | None = None) -> BulkResult:
    """Assign each to a member of staff, or to nobody; ``version`` maps inquiry ids to versions."""
    return _apply_to_each(inquiries, lambda inquiry: assign(inquiry, to, by, version=(version or {}).get(inquiry.pk)))


def bulk_close(
    inquiries: Iterable[Inquiry], closed_as: str, by: User, *, version: Versions | None = None
) -> BulkResult:
    """Close each; one that is closed already is refused."""

    def close(inquiry: Inquiry) -> None:
        move_status(inquiry, Status.CLOSED, by, closed_as, version=(version or {}).get(inquiry.pk))

    return _apply_to_each(inquiries, close)


def _apply_to_each(inquiries: Iterable[Inquiry], do: Callable[[Inquiry], None]) -> BulkResult:
    outcome = BulkResult()
    for inquiry in inquiries:
        try:
            do(inquiry)
        except (IllegalMove, IsWithdrawn, Conflict, Inquiry.DoesNotExist) as why:
            outcome.refused.append((inquiry, why))
        else:
            outcome.done.append(inquiry)
    return outcome
