"""The staff's desk in the Django admin: which page is at which address. The pages are beside it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from screening.accounts import permissions
from screening.desk.exports.csv_export import export
from screening.desk.inbox.bulk_actions import bulk_action
from screening.desk.inbox.failed_letters import failed_letter_action
from screening.desk.inbox.views import inbox
from screening.desk.record.views import RecordPage
from screening.models import Inquiry


@admin.register(Inquiry)
class InquiryAdmin(RecordPage, admin.ModelAdmin):
    def get_queryset(self, request: HttpRequest):
        return permissions.visible_inquiries(super().get_queryset(request), request.user)

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("several/", wrap(bulk_action), name="screening_inquiry_several"),
            path("failed/", wrap(failed_letter_action), name="screening_inquiry_failed"),
            path("export/", wrap(export), name="screening_inquiry_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return inbox(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's log of who sent which form; the sheet has what happened to the inquiry."""
        if not permissions.may_see_all_events(request.user):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Inquiries come from patients, and stay as they were sent."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
