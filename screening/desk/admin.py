"""The inbox of the staff's desk, in the Django admin: every inquiry, the longest-waiting first, and the search."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.timesince import timesince
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from screening.desk import rights
from screening.desk.holding import holding_page
from screening.desk.record import RecordPage
from screening.desk.sheet import condition_of
from screening.inquiries import search
from screening.inquiries.references import as_reference
from screening.inquiries.sealed import SealBroken
from screening.models import Inquiry, Status


@admin.register(Inquiry)
class InquiryAdmin(RecordPage, admin.ModelAdmin):
    list_display = ("reference", "is_read", "condition", "written_in", "waiting", "status_in_words", "assignee")
    list_display_links = ("reference",)
    list_filter = ("status", "language", "assignee")
    list_select_related = ("assignee", "wording")
    list_per_page = 50
    search_fields = ("reference",)
    search_help_text = _("Reference, name, whole words of a name, e-mail address or phone number")
    show_full_result_count = False
    sortable_by = ()
    actions = None
    empty_value_display = _("nobody")

    def get_queryset(self, request: HttpRequest):
        visible = rights.visible_inquiries(super().get_queryset(request), request.user)
        return visible.defer("contact").longest_waiting_first()

    def get_urls(self) -> list:
        def holding(request: HttpRequest, object_id) -> HttpResponse:
            return holding_page(self, request, object_id)

        view = self.admin_site.admin_view(holding)
        return [path("<uuid:object_id>/hold/", view, name="screening_inquiry_holding"), *super().get_urls()]

    def get_search_results(self, request: HttpRequest, queryset, search_term: str):
        """By reference, or by the blind index."""
        if reference := as_reference(search_term):
            return queryset.filter(reference=reference), False
        tokens = search.tokens_in_address(search_term) or search.tokens_sought(search_term)
        if search_term and not tokens:
            return queryset.none(), False
        return queryset.bearing(tokens), False

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """A search is posted and becomes keyed hashes, so that no name ever stands in an address."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST" and "q" in request.POST:
            sought = request.POST["q"]
            term = as_reference(sought) or search.in_address(search.tokens_sought(sought))
            return redirect(f"{reverse('admin:screening_inquiry_changelist')}?q={term}")
        return super().changelist_view(request, {"title": _("Inquiries"), **(extra_context or {})})

    @admin.display(description=_("read"), boolean=False)
    def is_read(self, inquiry: Inquiry):
        return _("read") if inquiry.first_opened_at else _("unread")

    @admin.display(description=_("condition, as answered"))
    def condition(self, inquiry: Inquiry):
        try:
            return condition_of(inquiry)
        except SealBroken:
            return _("cannot be opened")

    @admin.display(description=_("language"))
    def written_in(self, inquiry: Inquiry) -> str:
        return get_language_info(inquiry.language)["name_translated"]

    @admin.display(description=_("waiting"))
    def waiting(self, inquiry: Inquiry) -> str:
        return "–" if inquiry.status == Status.CLOSED else timesince(inquiry.received_at, depth=1)

    @admin.display(description=_("status"))
    def status_in_words(self, inquiry: Inquiry) -> str:
        closed_as = f" ({inquiry.get_closed_as_display()})" if inquiry.closed_as else ""
        return f"{inquiry.get_status_display()}{closed_as}"

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """Django's log of who sent which form; the sheet has what happened to the inquiry."""
        if not rights.may_see_all_events(request.user):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Inquiries come from patients, and stay as they were sent."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
