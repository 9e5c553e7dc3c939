"""The record of one inquiry: criterion sheet, contact card, notes, letters, and the forms that staff submit."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from screening.accounts import permissions
from screening.desk.exports.medical_record import medical_record_json, medical_record_page
from screening.desk.inbox.next_unread import redirect_to_next
from screening.desk.record.actions import ACTIONS
from screening.desk.record.appointments import appointments_of
from screening.desk.record.contact_card import contact_card
from screening.desk.record.history import history
from screening.desk.record.legal_hold import holding_page
from screening.desk.record.letter_views import letter_page
from screening.desk.record.page import (
    AdminView,
    inquiry_view,
    redirect_to_record,
    render_page,
    undecryptable_page,
    undo_offer,
)
from screening.desk.record.sheet import condition_of
from screening.desk.record.submissions import RejectedForm, forms_for, submit_form
from screening.desk.record.version import reload
from screening.inquiries import clinic_time, search, services
from screening.models import Inquiry
from screening.privacy.encryption import DecryptionError

SINGLE_FORMS = ("status", "assignment", "call", "notes")  # places of forms that are folded until they are needed
_MAX_DUPLICATES = 5  # other inquiries of the same person, listed beside the sheet


class RecordAdmin(ModelAdmin):
    """The change view of an inquiry and the pages behind it. They write through `inquiries.services` only."""

    def get_urls(self) -> list[URLPattern]:
        def at(address: str, view: AdminView, name: str) -> URLPattern:
            def bound_view(request: HttpRequest, object_id: str) -> HttpResponse:
                return view(self, request, object_id)

            guarded = self.admin_site.admin_view(bound_view)
            return path(f"<uuid:object_id>/{address}", guarded, name=f"screening_inquiry_{name}")

        return [
            at("letter/", letter_page, "letter"),
            at("record/", medical_record_page, "record"),
            at("record.json", medical_record_json, "record_json"),
            at("hold/", holding_page, "holding"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return record_page(self, request, object_id)


@inquiry_view("GET", "POST")
def record_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    user = permissions.staff_user(request)
    if request.method == "GET":
        services.record_opened(inquiry, user)
        return _render_record(desk, request, inquiry)
    if not permissions.may_edit(user):
        raise PermissionDenied
    outcome = submit_form(inquiry, user, request.POST)
    if isinstance(outcome, RejectedForm):
        return _render_record(desk, request, inquiry, outcome)
    if not outcome.is_refused:
        desk.log_change(request, inquiry, [{"changed": {"fields": [request.POST["do"]]}}])
    if outcome.leads_on:
        address = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
        link = format_html('<a href="{}">{}</a>', address, inquiry.reference)
        return redirect_to_next(request, format_html("{}: {}", link, outcome.message))
    return redirect_to_record(request, inquiry, outcome)


def _render_record(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, rejected: RejectedForm | None = None
) -> HttpResponse:
    """The current record, with the rejected form and everything typed into it."""
    version, inquiry = reload(inquiry)
    if inquiry.is_erased:
        return render_page(desk, request, inquiry, "withdrawn")
    try:
        return _sheet(desk, request, inquiry, version, rejected)
    except DecryptionError:
        if rejected is None:
            raise
        return undecryptable_page(desk, request, inquiry, rejected)


def _sheet(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, version: int, rejected: RejectedForm | None
) -> HttpResponse:
    user = permissions.staff_user(request)
    others = list(permissions.visible_inquiries(search.same_person(inquiry), user)[: _MAX_DUPLICATES + 1])
    forms = forms_for(inquiry, user, ACTIONS, rejected)
    forms["moving"] = forms["move-time"]  # a template cannot name it with a dash
    context = {
        "version": rejected.version if rejected else version,
        "rejected": rejected,
        "forms": forms,
        "undo": (undo := undo_offer(inquiry, user)),
        "shows_single_forms": bool(undo) or (rejected is not None and rejected.place in SINGLE_FORMS),
        "condition": condition_of(inquiry),
        "contact_card": contact_card(inquiry, timezone.now()),
        "history": history(inquiry, user),
        "appointments": appointments_of(inquiry),
        "clinic_zone": clinic_time.zone_in_words(timezone.now()),
        "has_email": bool(inquiry.contact.get("email")),
        "others": others[:_MAX_DUPLICATES],
        "has_more_others": len(others) > _MAX_DUPLICATES,
    }
    return render_page(desk, request, inquiry, "sheet", 422 if rejected else 200, **context)
