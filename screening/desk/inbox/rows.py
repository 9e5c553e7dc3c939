"""One page of the inbox: its rows in words, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from screening.desk.inbox.listing import PER_PAGE, Listing
from screening.desk.labels import staff_name
from screening.desk.presenters import ReplyDeadline, language_name, reply_deadline, status_label
from screening.desk.record.sheet import condition_of
from screening.models import Inquiry, InquiryQuerySet, WordingVersion
from screening.privacy.encryption import DecryptionError


@dataclass(frozen=True)
class Row:
    inquiry: Inquiry
    address: str
    promise: ReplyDeadline
    status: str
    assignee: str
    language: str
    condition: str


@dataclass(frozen=True)
class Page:
    """``first`` and ``last`` say where in the list its rows stand, counted from one."""

    rows: list[Row]
    first: int
    has_next: bool

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def inbox_page(listing: Listing, found: InquiryQuerySet, now: datetime) -> Page:
    """The page that the queue asks for; without rows when the list ends before it.

    The index is read for ids alone, and the rows, which are wide, for those of the page.
    """
    start = (listing.page - 1) * PER_PAGE
    ids = list(found.values_list("pk", flat=True)[start : start + PER_PAGE + 1])
    return Page(
        [_row(inquiry, listing, now) for inquiry in load_with_answers(ids[:PER_PAGE])], start + 1, len(ids) > PER_PAGE
    )


def load_inquiries(ids: list) -> list[Inquiry]:
    """Those that there are, in this order, each with its assignee and without its answers."""
    by_id = Inquiry.objects.defer("answers", "contact").select_related("assignee").in_bulk(ids)
    return [by_id[pk] for pk in ids if pk in by_id]


def load_with_answers(ids: list) -> list[Inquiry]:
    """With answers and contact, and one copy of each wording for all that share it: a wording is large."""
    by_id = Inquiry.objects.select_related("assignee").in_bulk(ids)
    wordings = WordingVersion.objects.in_bulk({inquiry.wording_id for inquiry in by_id.values()})
    for inquiry in by_id.values():
        inquiry.wording = wordings[inquiry.wording_id]
    return [by_id[pk] for pk in ids if pk in by_id]


def _row(inquiry: Inquiry, listing: Listing, now: datetime) -> Row:
    return Row(
        inquiry,
        listing.address_of(inquiry),
        reply_deadline(inquiry, now),
        status_label(inquiry),
        staff_name(inquiry.assignee) if inquiry.assignee else gettext("nobody"),
        language_name(inquiry.language),
        _condition(inquiry),
    )


def _condition(inquiry: Inquiry) -> str:
    try:
        return condition_of(inquiry)
    except DecryptionError:
        return gettext("cannot be opened")
