"""The previous and next inquiry of a record in the list from which it was opened."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import BooleanField, F, Field, Func, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.http import QueryDict

from screening.desk.inbox.filters import InvalidListing, Listing, number
from screening.models import INBOX_ORDER, Inquiry, InquiryQuerySet, Turn

_WITHIN_A_TURN = INBOX_ORDER[1:]


@dataclass(frozen=True)
class Neighbours:
    """The inquiries before and after a record in its list, if there are any, and the list itself."""

    before: Inquiry | None
    after: Inquiry | None
    listing: Listing

    @property
    def before_address(self) -> str:
        return self.listing.address_of(self.before) if self.before else ""

    @property
    def after_address(self) -> str:
        return self.listing.address_of(self.after) if self.after else ""


def neighbours_in_list(inquiry: Inquiry, params: QueryDict, user: User, now: datetime) -> Neighbours:
    """At most four queries for a list of any size. Invalid ``params`` stand for the whole inbox."""
    try:
        listing, turn = (
            Listing.of(params),
            number(params.get("turn", str(inquiry.turn)), minimum=0, maximum=Turn.NOBODY),
        )
    except InvalidListing:
        listing, turn = Listing(), inquiry.turn
    return Neighbours(*neighbours(inquiry, listing.inquiries(user, now), turn), listing)


def neighbours(
    inquiry: Inquiry, rows: InquiryQuerySet, turn: int | None = None
) -> tuple[Inquiry | None, Inquiry | None]:
    """The inquiries before and after one in an ordered list, which need not contain it any more.

    ``turn``: the inquiry's turn when the list was read, if it has changed since.
    """
    turn = inquiry.turn if turn is None else turn
    rows = rows.only(*INBOX_ORDER, "reference")
    return _next(inquiry, turn, rows.reverse()), _next(inquiry, turn, rows)


def _next(inquiry: Inquiry, turn: int, rows: InquiryQuerySet) -> Inquiry | None:
    """The first of ``rows`` after the inquiry: of the same turn, else of the next turn.

    ``reply_due_at`` is compared by itself as well: SQLite does not use an index for a row value.
    """
    beyond, compare = ("gt", GreaterThan) if rows.query.standard_ordering else ("lt", LessThan)
    same_turn = rows.filter(**{"turn": turn, f"reply_due_at__{beyond}e": inquiry.reply_due_at})
    found = same_turn.filter(compare(_RowValue(*map(F, _WITHIN_A_TURN)), _position_of(inquiry))).first()
    return found or rows.filter(**{f"turn__{beyond}": turn}).first()


def _position_of(inquiry: Inquiry) -> "_RowValue":
    fields = [cast("Field[Any, Any]", Inquiry._meta.get_field(name)) for name in _WITHIN_A_TURN]
    return _RowValue(*(Value(getattr(inquiry, field.attname), output_field=field) for field in fields))


class _RowValue(Func):
    """An SQL row value: columns or values compared in order."""

    template = "(%(expressions)s)"
    output_field = BooleanField()
