"""One inquiry for the medical record: a printable page, and an HL7 FHIR Bundle. File names are the reference."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from screening.accounts import permissions
from screening.desk.exports.fhir_record import bundle, consent_of
from screening.desk.labels import staff_name
from screening.desk.record.appointments import appointments_of
from screening.desk.record.contact_card import contact_card
from screening.desk.record.correspondence import letters_of
from screening.desk.record.page import inquiry_view, render_page
from screening.desk.record.sheet import sheet_of
from screening.inquiries import services
from screening.models import Event, Inquiry
from screening.questionnaire import fhir


@inquiry_view("GET", may=permissions.may_export)
def medical_record_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    user = permissions.staff_user(request)
    context = {
        **({} if inquiry.is_erased else _record_context(inquiry)),
        "consent": consent_of(inquiry),
        "taken_at": timezone.now(),
        "taken_by": staff_name(user),
    }
    response = render_page(desk, request, inquiry, "medical_record", **context)
    response.headers["Content-Disposition"] = f'inline; filename="{inquiry.reference}.html"'
    services.record_exported([inquiry], user, "page")
    return response


@inquiry_view("GET", may=permissions.may_export)
def medical_record_json(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """A FHIR Bundle as JSON, which includes the event of this export."""
    now, user = timezone.now(), permissions.staff_user(request)
    events = permissions.visible_events(inquiry.events.select_related("actor"), user)
    exported = Event(inquiry=inquiry, kind=Event.Kind.EXPORTED, detail="json", actor=user, at=now)
    content = fhir.as_json(bundle(inquiry, [*events, exported], now), indent=2)
    response = HttpResponse(content, content_type=fhir.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{inquiry.reference}.json"'
    services.record_exported([inquiry], user, "json")
    return response


def _record_context(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "contact_card": contact_card(inquiry, timezone.now()),
        "rows": sheet_of(inquiry),
        "notes": inquiry.notes.select_related("author"),
        "letters": letters_of(inquiry),
        "appointments": appointments_of(inquiry),
        "conversation": inquiry.messages.select_related("author"),
    }
