"""One inquiry for the medical record, as a page to read and print and as JSON, each named by the reference."""

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from screening.desk import rights
from screening.desk.correspondence import letters_of
from screening.desk.medical_json import consent_of, whole
from screening.desk.pages import of_an_inquiry, page
from screening.desk.reach import reach_of
from screening.desk.sheet import sheet_of
from screening.desk.words import name_of
from screening.inquiries import records
from screening.models import Inquiry


@of_an_inquiry("GET", may=rights.may_export)
def page_for_the_medical_record(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    given = {} if inquiry.is_erased else _to_read(inquiry)
    context = {**given, "consent": consent_of(inquiry), "taken_at": timezone.now(), "taken_by": name_of(request.user)}
    response = page(desk, request, inquiry, "medical_record", **context)
    response.headers["Content-Disposition"] = f'inline; filename="{inquiry.reference}.html"'
    records.exported([inquiry], request.user, "page")
    return response


@of_an_inquiry("GET", may=rights.may_export)
def json_for_the_medical_record(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    events = rights.visible_events(inquiry.events.select_related("actor"), request.user)
    exported = {"exported": {"at": timezone.now(), "by": request.user.get_username()}}
    response = JsonResponse(whole(inquiry, events) | exported, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="{inquiry.reference}.json"'
    response.headers["Cache-Control"] = "no-store, private"
    records.exported([inquiry], request.user, "json")
    return response


def _to_read(inquiry: Inquiry) -> dict:
    return {
        "reach": reach_of(inquiry, timezone.now()),
        "rows": sheet_of(inquiry),
        "notes": inquiry.notes.select_related("author"),
        "letters": letters_of(inquiry),
    }
