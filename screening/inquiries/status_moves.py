"""The table of the status moves that staff may make."""

import re

from screening.models import ClosedAs, Inquiry, Status

MOVES: dict[str, tuple[str, ...]] = {
    Status.NEW: (Status.IN_REVIEW, Status.CLOSED),
    Status.IN_REVIEW: (Status.WAITING, Status.OFFERED, Status.CLOSED),
    Status.WAITING: (Status.IN_REVIEW, Status.OFFERED, Status.CLOSED),
    Status.OFFERED: (Status.IN_REVIEW, Status.WAITING, Status.CLOSED),
    Status.CLOSED: (Status.IN_REVIEW,),
}
_FORMAT = re.compile(r"([\w-]+)(?: \(([\w-]+)\))?")


def moves_from(inquiry: Inquiry) -> tuple[str, ...]:
    """The statuses the inquiry may move to; none if it is withdrawn."""
    return () if inquiry.is_withdrawn else MOVES[inquiry.status]


def format_status(status: str, closed_as: str) -> str:
    """The form in an event's detail, such as "in-review" or "closed (spam)"."""
    return f"{status} ({closed_as})" if closed_as else str(status)


def parse_status(text: str) -> tuple[str, str] | None:
    """Status and kind of closing from an event's detail; None if one is missing or unknown."""
    match = _FORMAT.fullmatch(text)
    status, closed_as = match.groups(default="") if match else ("", "")
    is_valid = (status == Status.CLOSED) == (closed_as in ClosedAs.values)
    return (status, closed_as) if is_valid and status in Status.values else None
