"""What stands beside a record in the list that it was opened from, so that staff go on without going back."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import BooleanField, F, Func, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict

from screening.desk.inbox.listing import InvalidListing, Listing, number
from screening.models import INBOX_ORDER, Inquiry, InquiryQuerySet, Turn

_WITHIN_A_TURN = INBOX_ORDER[1:]


@dataclass(frozen=True)
class Neighbours:
    """Where a record stands in the list that it was opened from: the ones beside it, if there are, and the way back."""

    before: Inquiry | None
    after: Inquiry | None
    listing: Listing

    @property
    def before_address(self) -> str:
        return self.listing.address_of(self.before) if self.before else ""

    @property
    def after_address(self) -> str:
        return self.listing.address_of(self.after) if self.after else ""


def neighbours_in_list(inquiry: Inquiry, params: QueryDict, user: AbstractBaseUser, now: datetime) -> Neighbours:
    """Four look-ups at most, whatever the size of the list; a forged address leads through the whole inbox."""
    try:
        listing, turn = Listing.of(params), number(params.get("turn", str(inquiry.turn)), least=0, most=Turn.NOBODY)
    except InvalidListing:
        listing, turn = Listing(), inquiry.turn
    return Neighbours(*neighbours(inquiry, listing.inquiries(user, now), turn), listing)


def neighbours(
    inquiry: Inquiry, rows: InquiryQuerySet, turn: int | None = None
) -> tuple[Inquiry | None, Inquiry | None]:
    """The inquiries before and after one in an ordered list, from which it may be gone meanwhile.

    ``turn`` is whose turn it was in that list, where it has changed since.
    """
    turn = inquiry.turn if turn is None else turn
    rows = rows.only(*INBOX_ORDER, "reference")
    return _next(inquiry, turn, rows.reverse()), _next(inquiry, turn, rows)


def _next(inquiry: Inquiry, turn: int, rows: InquiryQuerySet) -> Inquiry | None:
    """The first of ``rows``, in their order, that comes after the inquiry: of the same turn, else of the next.

    The promise is compared by itself as well, since an index is entered by it; SQLite enters none by several columns.
    """
    beyond, compare = ("gt", GreaterThan) if rows.query.standard_ordering else ("lt", LessThan)
    same_turn = rows.filter(**{"turn": turn, f"reply_due_at__{beyond}e": inquiry.reply_due_at})
    found = same_turn.filter(compare(_RowValue(*map(F, _WITHIN_A_TURN)), _position_of(inquiry))).first()
    return found or rows.filter(**{f"turn__{beyond}": turn}).first()


def _position_of(inquiry: Inquiry) -> "_RowValue":
    fields = [Inquiry._meta.get_field(name) for name in _WITHIN_A_TURN]
    return _RowValue(*(Value(getattr(inquiry, field.attname), output_field=field) for field in fields))


class _RowValue(Func):
    """Columns, or values, as one: compared by the first, then by the second, and so on."""

    template = "(%(expressions)s)"
    output_field = BooleanField()
