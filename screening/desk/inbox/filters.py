"""Tab, filters, search and page of the inbox: parsed from the query string (`Listing.of`), written to it, and a form.

A list can be bookmarked, and a record opened from it knows its neighbours. Search terms are in the URL as keyed hashes
only.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import set_choices
from screening.desk.inbox.tabs import ALL, TABS, Tab
from screening.desk.labels import staff_name
from screening.desk.presenters import language_name
from screening.inquiries import search
from screening.inquiries.references import parse_reference
from screening.models import Inquiry, InquiryQuerySet, turn_of

PER_PAGE = 20
UNASSIGNED = "nobody"
_MAX_QUERY_STRING = 2000  # characters
_LAST_PAGE = 1_000_000  # keeps OFFSET within 64 bits


class InvalidListing(Exception):
    """The query string names a tab, filter, search or page that does not exist."""


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
        """Parse the query string. Raises InvalidListing for anything unknown, so that no filter is silently ignored."""
        tab = TABS.get(params.get("tab") or ALL.name)
        if tab is None:
            raise InvalidListing
        return cls(
            tab,
            status=_one_of(params.get("status", ""), tab.statuses),
            assignee=_assignee(params.get("assignee", "")),
            language=_one_of(params.get("language", ""), dict(settings.LANGUAGES)),
            sought=_sought(params.get("q", "")),
            page=number(params.get("page") or "1", maximum=_LAST_PAGE),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether a filter or a search applies."""
        return bool(self.status or self.assignee or self.language or self.sought)

    def inquiries(self, user: User, now: datetime) -> InquiryQuerySet:
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
        """The query string, without the question mark; empty for the whole inbox."""
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
        """The URL of the record. ``turn`` is the inquiry's position in the list, and stays if its status changes."""
        return f"{reverse('admin:screening_inquiry_change', args=[inquiry.pk])}?{self.query(turn=inquiry.turn)}"


class FilterForm(forms.Form):
    """Renders the filters of a Listing; only Listing parses them."""

    status = forms.ChoiceField(required=False, label=_("Status"))
    assignee = forms.ChoiceField(required=False, label=_("Assigned to"))
    language = forms.ChoiceField(required=False, label=_("Language"))

    def __init__(self, listing: Listing):
        super().__init__(
            initial={"status": listing.status, "assignee": listing.assignee, "language": listing.language},
            auto_id="filter-%s",
        )
        colleagues = User.objects.filter(is_staff=True).order_by("username")
        names = {str(member.pk): staff_name(member) for member in colleagues}
        languages = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
        set_choices(self, "status", [("", _("Any")), *((status, status.label) for status in listing.tab.statuses)])
        set_choices(self, "assignee", [("", _("Anybody")), (UNASSIGNED, _("Nobody")), *names.items()])
        set_choices(self, "language", [("", _("Any")), *languages])
        self.knows_the_assignee = listing.assignee in {"", UNASSIGNED, *names}


def listing_of_form(request: HttpRequest) -> Listing:
    """The list that a submitted form names; the whole inbox if it is invalid."""
    try:
        return Listing.of(QueryDict(request.POST.get("list", "")[:_MAX_QUERY_STRING]))
    except InvalidListing:
        return Listing()


def _one_of(value: str, known: Any) -> str:
    if value and value not in known:
        raise InvalidListing
    return value


def _assignee(value: str) -> str:
    return value if value in ("", UNASSIGNED) else str(number(value, maximum=2**31 - 1))


def number(value: str, *, minimum: int = 1, maximum: int) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) < 12 and minimum <= int(value) <= maximum):
        raise InvalidListing
    return int(value)


def _sought(term: str) -> str:
    """A reference or keyed hashes. Anything else, such as a name in a forged URL, is invalid."""
    if not term:
        return ""
    tokens = search.decode_tokens(term)
    is_ours = 0 < len(tokens) <= search.MAX_QUERY_WORDS and term == search.encode_tokens(tokens)
    if not is_ours and not parse_reference(term):
        raise InvalidListing
    return term
