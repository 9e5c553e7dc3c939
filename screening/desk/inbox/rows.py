"""Presenter of one page of the inbox, read in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from screening.desk.inbox.filters import PER_PAGE, Listing
from screening.desk.labels import staff_name
from screening.desk.presenters import ReplyDeadline, language_name, reply_deadline, status_label
from screening.desk.record.sheet import condition_of
from screening.models import Inquiry, InquiryQuerySet, WordingVersion
from screening.privacy.encryption import DecryptionError


@dataclass(frozen=True)
class Row:
    """``name`` is the person's, empty if it is erased or cannot be decrypted."""

    inquiry: Inquiry
    address: str
    name: str
    promise: ReplyDeadline
    status: str
    assignee: str
    language: str
    condition: str


@dataclass(frozen=True)
class Page:
    """``first`` and ``last``: positions of its rows in the list, from 1."""

    rows: list[Row]
    first: int
    has_next: bool

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def inbox_page(listing: Listing, found: InquiryQuerySet, now: datetime) -> Page:
    """The page of the listing; without rows if the list ends before it.

    Ids are read from the index first, then the wide rows of this page only.
    """
    start = (listing.page - 1) * PER_PAGE
    ids = list(found.values_list("pk", flat=True)[start : start + PER_PAGE + 1])
    return Page(
        [_row(inquiry, listing, now) for inquiry in load_with_answers(ids[:PER_PAGE])], start + 1, len(ids) > PER_PAGE
    )


def load_inquiries(ids: list[UUID]) -> list[Inquiry]:
    """The existing ones in this order, with assignee, without answers."""
    by_id = Inquiry.objects.defer("answers", "contact").select_related("assignee").in_bulk(ids)
    return [by_id[pk] for pk in ids if pk in by_id]


def load_with_answers(ids: list[UUID]) -> list[Inquiry]:
    """With assignee, answers and contact. Inquiries share one object per wording version, since a wording is large."""
    by_id = Inquiry.objects.select_related("assignee").in_bulk(ids)
    wordings = WordingVersion.objects.in_bulk({inquiry.wording_id for inquiry in by_id.values()})
    for inquiry in by_id.values():
        inquiry.wording = wordings[inquiry.wording_id]
    return [by_id[pk] for pk in ids if pk in by_id]


def _row(inquiry: Inquiry, listing: Listing, now: datetime) -> Row:
    return Row(
        inquiry,
        listing.address_of(inquiry),
        _name(inquiry),
        reply_deadline(inquiry, now),
        status_label(inquiry),
        staff_name(inquiry.assignee) if inquiry.assignee else gettext("nobody"),
        language_name(inquiry.language),
        _condition(inquiry),
    )


def _name(inquiry: Inquiry) -> str:
    """Of the patient, if somebody else wrote for them."""
    try:
        contact = inquiry.contact or {}
    except DecryptionError:
        return ""
    return contact.get("patient-name") or contact.get("name") or ""


def _condition(inquiry: Inquiry) -> str:
    try:
        return condition_of(inquiry)
    except DecryptionError:
        return gettext("cannot be opened")
