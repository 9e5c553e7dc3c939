"""The table of status moves: what may follow what. People choose; nothing moves by itself."""

from screening.models import Inquiry, Status

MOVES: dict[str, tuple[str, ...]] = {
    Status.NEW: (Status.IN_REVIEW, Status.CLOSED),
    Status.IN_REVIEW: (Status.WAITING, Status.OFFERED, Status.CLOSED),
    Status.WAITING: (Status.IN_REVIEW, Status.OFFERED, Status.CLOSED),
    Status.OFFERED: (Status.IN_REVIEW, Status.WAITING, Status.CLOSED),
    Status.CLOSED: (Status.IN_REVIEW,),
}


def moves_from(inquiry: Inquiry) -> tuple[str, ...]:
    """The statuses this inquiry may move to; a withdrawn one stays closed."""
    return () if inquiry.is_withdrawn else MOVES[inquiry.status]
