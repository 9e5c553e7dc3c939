"""One inquiry as staff meet it: the sheet, and the small forms with which they work on it."""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from screening.desk import rights
from screening.desk.actions import ACTIONS
from screening.desk.attempts import Attempt, attempt, forms_for
from screening.desk.correspondence import letters_of
from screening.desk.holding import holding_page
from screening.desk.letters import letter_page
from screening.desk.medical_record import json_for_the_medical_record, page_for_the_medical_record
from screening.desk.pages import back_to_the_record, of_an_inquiry, page, sealed, undo_of
from screening.desk.reach import reach_of
from screening.desk.seen import as_it_stands
from screening.desk.sheet import condition_of
from screening.inquiries import records, search
from screening.inquiries.sealed import SealBroken
from screening.models import Inquiry

_MOST_OTHERS = 5  # of the same person, named beside the sheet


class RecordPage:
    """The change view of the inquiries' ModelAdmin, and the pages behind it; all write through `records` only."""

    def get_urls(self) -> list:
        def at(address: str, view, name: str):
            def of_this_desk(request: HttpRequest, object_id) -> HttpResponse:
                return view(self, request, object_id)

            opened = self.admin_site.admin_view(of_this_desk)
            return path(f"<uuid:object_id>/{address}", opened, name=f"screening_inquiry_{name}")

        return [
            at("letter/", letter_page, "letter"),
            at("record/", page_for_the_medical_record, "record"),
            at("record.json", json_for_the_medical_record, "record_json"),
            at("hold/", holding_page, "holding"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        return record_page(self, request, object_id)


@of_an_inquiry("GET", "POST")
def record_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    if request.method == "GET":
        records.opened(inquiry, request.user)
        return _shown(desk, request, inquiry)
    if not rights.may_work(request.user):
        raise PermissionDenied
    outcome = attempt(inquiry, request.user, request.POST)
    if isinstance(outcome, Attempt):
        return _shown(desk, request, inquiry, outcome)
    if not outcome.is_refused:
        desk.log_change(request, inquiry, [{"changed": {"fields": [request.POST["do"]]}}])
    return back_to_the_record(request, inquiry, outcome)


def _shown(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, tried: Attempt | None = None) -> HttpResponse:
    """The record as it stands now, with the form that was tried and everything typed into it."""
    seen, inquiry = as_it_stands(inquiry)
    if inquiry.is_erased:
        return page(desk, request, inquiry, "withdrawn")
    try:
        return _sheet(desk, request, inquiry, seen, tried)
    except SealBroken:
        if tried is None:
            raise
        return sealed(desk, request, inquiry, tried)


def _sheet(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, seen: int, tried: Attempt | None) -> HttpResponse:
    others = list(rights.visible_inquiries(search.same_person(inquiry), request.user)[: _MOST_OTHERS + 1])
    context = {
        "seen": tried.seen if tried else seen,
        "attempt": tried,
        "forms": forms_for(inquiry, request.user, ACTIONS, tried),
        "undo": undo_of(inquiry, request.user),
        "condition": condition_of(inquiry),
        "reach": reach_of(inquiry, timezone.now()),
        "notes": inquiry.notes.select_related("author"),
        "letters": letters_of(inquiry),
        "others": others[:_MOST_OTHERS],
        "has_more_others": len(others) > _MOST_OTHERS,
    }
    return page(desk, request, inquiry, "sheet", 422 if tried else 200, **context)
