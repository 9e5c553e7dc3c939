"""Bulk actions on inquiries, each in its own transaction.

A conflict on one does not roll back the others, and a concurrent write waits for one row instead of a hundred.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.models import User

from screening.inquiries.services.locking import Conflict, IsWithdrawn
from screening.inquiries.services.status_change import IllegalMove, assign, move_status
from screening.models import Inquiry, Status

Versions = Mapping[UUID, int | None]


@dataclass
class BulkResult:
    """``refused`` pairs an inquiry with IllegalMove, IsWithdrawn, Conflict or, if it was erased, DoesNotExist."""

    done: list[Inquiry] = field(default_factory=list)
    refused: list[tuple[Inquiry, Exception]] = field(default_factory=list)


def bulk_assign(
    inquiries: Iterable[Inquiry], to: User | None, by: User, *, version: Versions | None = None
) -> BulkResult:
    """Assign each to a member of staff, or to nobody (None); ``version`` maps inquiry ids to versions."""
    return _apply_to_each(inquiries, lambda inquiry: assign(inquiry, to, by, version=(version or {}).get(inquiry.pk)))


def bulk_close(
    inquiries: Iterable[Inquiry], closed_as: str, by: User, *, version: Versions | None = None
) -> BulkResult:
    """Close each; closed ones are refused with IllegalMove."""

    def close(inquiry: Inquiry) -> None:
        move_status(inquiry, Status.CLOSED, by, closed_as, version=(version or {}).get(inquiry.pk))

    return _apply_to_each(inquiries, close)


def _apply_to_each(inquiries: Iterable[Inquiry], action: Callable[[Inquiry], None]) -> BulkResult:
    result = BulkResult()
    for inquiry in inquiries:
        try:
            action(inquiry)
        except (IllegalMove, IsWithdrawn, Conflict, Inquiry.DoesNotExist) as error:
            result.refused.append((inquiry, error))
        else:
            result.done.append(inquiry)
    return result
