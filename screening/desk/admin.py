"""The ModelAdmin of inquiries: the addresses of the desk. The views are in `inbox`, `record` and `exports`."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from screening.accounts import permissions
from screening.desk.appointments.week import calendar_address, week_page
from screening.desk.exports.csv_export import export
from screening.desk.inbox.bulk_actions import bulk_action
from screening.desk.inbox.failed_letters import failed_letter_action
from screening.desk.inbox.next_unread import next_unread
from screening.desk.inbox.views import inbox
from screening.desk.record.views import RecordAdmin
from screening.models import Inquiry, InquiryQuerySet


@admin.register(Inquiry)
class InquiryAdmin(RecordAdmin):
    def get_queryset(self, request: HttpRequest) -> InquiryQuerySet:
        return permissions.visible_inquiries(Inquiry.objects.all(), permissions.staff_user(request))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("next/", wrap(next_unread), name="screening_inquiry_next"),
            path("several/", wrap(bulk_action), name="screening_inquiry_bulk"),
            path("failed/", wrap(failed_letter_action), name="screening_inquiry_failed"),
            path("appointments/", wrap(week_page), name="screening_appointments"),
            path("calendar/", wrap(calendar_address), name="screening_calendar_address"),
            path("export/", wrap(export), name="screening_inquiry_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return inbox(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's admin log of submitted forms. The history of the inquiry is on its record."""
        if not permissions.may_see_all_events(permissions.staff_user(request)):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only patients create inquiries."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Inquiry | None = None) -> bool:
        """Inquiries are erased through `inquiries.services`, which keeps the erasure log."""
        return False
