"""The inbox: tabs, filters, search, failed letters and expiring inquiries; earliest promised reply first."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.accounts.audit_trail import AccountEvent, log_once_a_day
from screening.desk.capped_counts import capped_count, format_count
from screening.desk.inbox.expiring import expiring_inquiries
from screening.desk.inbox.failed_letters import failed_letters
from screening.desk.inbox.filters import FilterForm, InvalidListing, Listing
from screening.desk.inbox.rows import inbox_page
from screening.desk.inbox.tabs import TABS
from screening.inquiries import search
from screening.inquiries.references import parse_reference
from screening.models import Inquiry


@dataclass(frozen=True)
class TabLink:
    label: str
    address: str
    count: str
    is_here: bool


def inbox(request: HttpRequest) -> HttpResponse:
    """The inbox. A search is a POST and becomes keyed hashes, so that no URL contains a name."""
    if not permissions.may_open(permissions.staff_user(request)):
        raise PermissionDenied
    if request.method == "POST":
        return _search(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        listing = Listing.of(request.GET)
    except InvalidListing:
        problem = gettext("This address asks for a list that does not exist, so nothing is listed here.")
        return _render_list(request, Listing(), problem=problem, status=404)
    return _render_list(request, listing)


def _search(request: HttpRequest) -> HttpResponse:
    sought = request.POST.get("q", "")
    if len(sought) > search.MAX_QUERY_LENGTH:
        problem = gettext("Search for at most %(most)s characters.") % {"most": search.MAX_QUERY_LENGTH}
        return _render_list(request, Listing(), problem=problem, status=422)
    reference, tokens = parse_reference(sought), search.query_tokens(sought)
    if not reference and not tokens:
        problem = gettext("Enter a reference, a name, an e-mail address or a phone number.")
        return _render_list(request, Listing(), problem=problem, status=422)
    return HttpResponseRedirect(Listing(sought=reference or search.encode_tokens(tokens)).address)


def _render_list(request: HttpRequest, listing: Listing, problem: str = "", status: int = 200) -> HttpResponse:
    now, user = timezone.now(), permissions.staff_user(request)
    found = listing.inquiries(user, now)
    filters = FilterForm(listing)
    page = None if problem else inbox_page(listing, found, now)
    if page and (not filters.knows_the_assignee or not page.rows and listing.page > 1):
        page, status = None, 404
        problem = gettext("This list has no such page, or names somebody who is not on the staff.")
    if page and any(row.name for row in page.rows):
        log_once_a_day(AccountEvent.NAMES_LISTED, user)
    context = {
        **admin.site.each_context(request),
        "title": _("Inquiries"),
        "opts": Inquiry._meta,
        "listing": listing,
        "tabs": _tabs(user, listing, now),
        "filters": filters,
        "page": page,
        "page_before": listing.on_page(listing.page - 1).address,
        "page_after": listing.on_page(listing.page + 1).address,
        "count": format_count(capped_count(found)) if page else "",
        "problem": problem,
        "failed": failed_letters(),
        "expiring": expiring_inquiries(user, now),
        "may_work": permissions.may_edit(user),
        "may_export": permissions.may_export(user),
        "most_typed": search.MAX_QUERY_LENGTH,
    }
    return TemplateResponse(request, "admin/screening/inquiry/change_list.html", context, status=status)


def _tabs(user: User, listing: Listing, now: datetime) -> list[TabLink]:
    """Each tab with its unfiltered count, since its link has no filters."""
    return [
        TabLink(
            str(tab.label),
            Listing(tab).address,
            format_count(capped_count(tab.inquiries(user, now))),
            is_here=tab == listing.tab,
        )
        for tab in TABS.values()
    ]
