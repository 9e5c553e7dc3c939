"""The table of status moves: what may follow what. People choose; nothing moves by itself."""

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
    """The statuses this inquiry may move to; a withdrawn one stays closed."""
    return () if inquiry.is_withdrawn else MOVES[inquiry.status]


def format_status(status: str, closed_as: str) -> str:
    """As events write it: in-review, closed (spam)."""
    return f"{status} ({closed_as})" if closed_as else str(status)


def parse_status(text: str) -> tuple[str, str] | None:
    """Status and kind of closing as an event wrote them; None where the event did not say how it had been closed."""
    match = _FORMAT.fullmatch(text)
    status, closed_as = match.groups(default="") if match else ("", "")
    is_whole = (status == Status.CLOSED) == (closed_as in ClosedAs.values)
    return (status, closed_as) if is_whole and status in Status.values else None
