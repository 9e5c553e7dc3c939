"""One inquiry for the medical record, as a page to read and print and as JSON, each named by the reference."""

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from screening.accounts import permissions
from screening.desk.exports.medical_json import consent_of, whole
from screening.desk.labels import staff_name
from screening.desk.record.contact_card import contact_card
from screening.desk.record.correspondence import letters_of
from screening.desk.record.page import inquiry_view, render_page
from screening.desk.record.sheet import sheet_of
from screening.inquiries import services
from screening.models import Inquiry


@inquiry_view("GET", may=permissions.may_export)
def medical_record_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    given = {} if inquiry.is_erased else _record_context(inquiry)
    context = {
        **given,
        "consent": consent_of(inquiry),
        "taken_at": timezone.now(),
        "taken_by": staff_name(request.user),
    }
    response = render_page(desk, request, inquiry, "medical_record", **context)
    response.headers["Content-Disposition"] = f'inline; filename="{inquiry.reference}.html"'
    services.record_exported([inquiry], request.user, "page")
    return response


@inquiry_view("GET", may=permissions.may_export)
def medical_record_json(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    events = permissions.visible_events(inquiry.events.select_related("actor"), request.user)
    exported = {"exported": {"at": timezone.now(), "by": request.user.get_username()}}
    response = JsonResponse(whole(inquiry, events) | exported, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="{inquiry.reference}.json"'
    response.headers["Cache-Control"] = "no-store, private"
    services.record_exported([inquiry], request.user, "json")
    return response


def _record_context(inquiry: Inquiry) -> dict:
    return {
        "contact_card": contact_card(inquiry, timezone.now()),
        "rows": sheet_of(inquiry),
        "notes": inquiry.notes.select_related("author"),
        "letters": letters_of(inquiry),
    }
