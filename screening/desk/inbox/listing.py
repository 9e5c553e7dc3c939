"""A list of inquiries as its address asks for it: a tab, filters, a search, a page.

The address carries the whole of it, so a list can be kept as a bookmark, and a record that is opened from it knows the
way on. What was searched for stands there as keyed hashes only.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from screening.desk.inbox.tabs import ALL, TABS, Tab
from screening.inquiries import search
from screening.inquiries.references import parse_reference
from screening.models import Inquiry, InquiryQuerySet, turn_of

PER_PAGE = 20
UNASSIGNED = "nobody"
_MOST = 2000  # characters of an address
_LAST_PAGE = 1_000_000  # nobody leafs that far, and databases count no further than numbers of 64 bits


class InvalidListing(Exception):
    """The address asks for something that does not exist; a forged or broken one."""


@dataclass(frozen=True)
class Listing:
    tab: Tab = ALL
    status: str = ""
    assignee: str = ""
    language: str = ""
    sought: str = ""
    page: int = 1

    @classmethod
    def of(cls, params: QueryDict) -> "Listing":
        """What an address asks for; raises NoSuchQueue rather than leave out what it does not understand."""
        tab = TABS.get(params.get("tab") or ALL.name)
        if tab is None:
            raise InvalidListing
        return cls(
            tab,
            status=_one_of(params.get("status", ""), tab.statuses),
            assignee=_assignee(params.get("assignee", "")),
            language=_one_of(params.get("language", ""), dict(settings.LANGUAGES)),
            sought=_sought(params.get("q", "")),
            page=number(params.get("page") or "1", most=_LAST_PAGE),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether a filter or a search leaves something of the tab out."""
        return bool(self.status or self.assignee or self.language or self.sought)

    def inquiries(self, user: AbstractBaseUser, now: datetime) -> InquiryQuerySet:
        rows = self.tab.inquiries(user, now)
        if self.status:
            rows = rows.filter(turn=turn_of(self.status), status=self.status)
        if self.assignee:
            rows = rows.filter(assignee=None if self.assignee == UNASSIGNED else int(self.assignee))
        if self.language:
            rows = rows.filter(language=self.language)
        if reference := parse_reference(self.sought):
            return rows.filter(reference=reference)
        return rows.with_tokens(search.decode_tokens(self.sought)) if self.sought else rows

    def query(self, **more: str) -> str:
        """As it stands in an address, behind the question mark; nothing for the whole inbox."""
        named = {
            "tab": self.tab.name if self.tab != ALL else "",
            "status": self.status,
            "assignee": self.assignee,
            "language": self.language,
            "q": self.sought,
            "page": self.page if self.page > 1 else "",
        }
        return urlencode({name: value for name, value in (named | more).items() if value != ""})

    @property
    def address(self) -> str:
        query = self.query()
        return reverse("admin:screening_inquiry_changelist") + (f"?{query}" if query else "")

    def on_page(self, page: int) -> "Listing":
        return replace(self, page=page)

    def address_of(self, inquiry: Inquiry) -> str:
        """The record, opened from here. ``turn`` keeps its place in the list when its status is changed there."""
        return f"{reverse('admin:screening_inquiry_change', args=[inquiry.pk])}?{self.query(turn=inquiry.turn)}"


def listing_of_form(request: HttpRequest) -> Listing:
    """The list that a form was sent from, which it names; the whole inbox where it names none that there is."""
    try:
        return Listing.of(QueryDict(request.POST.get("list", "")[:_MOST]))
    except InvalidListing:
        return Listing()


def _one_of(value: str, known: Any) -> str:
    if value and value not in known:
        raise InvalidListing
    return value


def _assignee(value: str) -> str:
    return value if value in ("", UNASSIGNED) else str(number(value, most=2**31 - 1))


def number(value: str, *, least: int = 1, most: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 12 and least <= int(value) <= most):
        raise InvalidListing
    return int(value)


def _sought(term: str) -> str:
    """A reference, or keyed hashes; a name in an address was put there by somebody else, and is not looked for."""
    if not term:
        return ""
    tokens = search.decode_tokens(term)
    is_ours = 0 < len(tokens) <= search.MAX_QUERY_WORDS and term == search.encode_tokens(tokens)
    if not is_ours and not parse_reference(term):
        raise InvalidListing
    return term
