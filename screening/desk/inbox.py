"""The inbox: every inquiry in tabs, the earliest promise first, with filters, search and the letters that failed."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.desk import rights
from screening.desk.counts import count_of, in_words
from screening.desk.fading import fading
from screening.desk.failed import failed
from screening.desk.forms.filters import FilterForm
from screening.desk.queue import NoSuchQueue, Queue
from screening.desk.rows import page_of
from screening.desk.tabs import TABS
from screening.inquiries import search
from screening.inquiries.references import as_reference
from screening.models import Inquiry


@dataclass(frozen=True)
class TabLink:
    label: str
    address: str
    count: str
    is_here: bool


def inbox(request: HttpRequest) -> HttpResponse:
    """A search is posted and becomes keyed hashes, so that no name ever stands in an address."""
    if not rights.may_open(request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _search(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    try:
        queue = Queue.of(request.GET)
    except NoSuchQueue:
        problem = gettext("This address asks for a list that does not exist, so nothing is listed here.")
        return _show(request, Queue(), problem=problem, status=404)
    return _show(request, queue)


def _search(request: HttpRequest) -> HttpResponse:
    sought = request.POST.get("q", "")
    if len(sought) > search.MOST_TYPED:
        problem = gettext("Search for at most %(most)s characters.") % {"most": search.MOST_TYPED}
        return _show(request, Queue(), problem=problem, status=422)
    reference, tokens = as_reference(sought), search.tokens_sought(sought)
    if not reference and not tokens:
        problem = gettext("Enter a reference, a name, an e-mail address or a phone number.")
        return _show(request, Queue(), problem=problem, status=422)
    return HttpResponseRedirect(Queue(sought=reference or search.in_address(tokens)).address)


def _show(request: HttpRequest, queue: Queue, problem: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = queue.inquiries(request.user, now)
    filters = FilterForm(queue)
    page = None if problem else page_of(queue, found, now)
    if page and (not filters.knows_the_assignee or not page.rows and queue.page > 1):
        page, status = None, 404
        problem = gettext("This list has no such page, or names somebody who is not on the staff.")
    context = {
        **admin.site.each_context(request),
        "title": _("Inquiries"),
        "opts": Inquiry._meta,
        "queue": queue,
        "tabs": _tabs(request.user, queue, now),
        "filters": filters,
        "page": page,
        "previous_page": queue.on_page(queue.page - 1).address,
        "next_page": queue.on_page(queue.page + 1).address,
        "count": in_words(count_of(found)) if page else "",
        "problem": problem,
        "failed": failed(),
        "fading": fading(request.user, now),
        "may_work": rights.may_work(request.user),
        "may_export": rights.may_export(request.user),
        "most_typed": search.MOST_TYPED,
    }
    return TemplateResponse(request, "admin/screening/inquiry/change_list.html", context, status=status)


def _tabs(user, queue: Queue, now: datetime) -> list[TabLink]:
    """Each with what it has altogether: a tab begins without the filters of another."""
    return [
        TabLink(
            tab.label,
            Queue(tab).address,
            in_words(count_of(tab.inquiries(user, now))),
            is_here=tab == queue.tab,
        )
        for tab in TABS.values()
    ]
