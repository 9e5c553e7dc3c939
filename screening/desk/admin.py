"""The staff's desk in the Django admin: the inbox and each inquiry's sheet. It writes through `records` only."""

import logging

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from screening.desk.forms import AssignForm, MarksForm, MoveForm, NoteForm
from screening.desk.sheet import condition_of, sheet_of
from screening.inquiries import records, search
from screening.inquiries.references import as_reference
from screening.inquiries.sealed import SealBroken
from screening.models import Inquiry, Status

_log = logging.getLogger("crc.desk")


@admin.register(Inquiry)
class InquiryAdmin(admin.ModelAdmin):
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

    # Inbox

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).defer("contact").longest_waiting_first()

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

    # Sheet

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        if request.method not in ("GET", "POST"):  # a HEAD would leave an event that nobody read
            return HttpResponseNotAllowed(["GET", "POST"])
        inquiry = self.get_object(request, object_id)
        if inquiry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, inquiry):
            raise PermissionDenied
        try:
            if request.method == "POST":
                return self._act(request, inquiry)
            records.opened(inquiry, request.user)
            return self._sheet(request, inquiry)
        except SealBroken as error:
            _log.error("record cannot be opened", exc_info=error, extra={"reference": inquiry.reference})
            return self._page(request, inquiry, "sealed", {}, status=500)

    def _act(self, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
        """One of the sheet's forms was sent: do it, or show it again with what was typed."""
        if not self.has_change_permission(request, inquiry) or inquiry.is_withdrawn:
            raise PermissionDenied
        forms = self._forms(inquiry, request.POST)
        name = request.POST.get("do")
        form = forms.get(name)
        if form is None:
            raise PermissionDenied
        if not form.is_valid():
            return self._sheet(request, inquiry, {name: form}, status=422)
        try:
            done = getattr(self, f"_do_{name}")(inquiry, form, request.user)
        except records.IllegalMove:
            messages.error(request, _("A colleague has moved this inquiry meanwhile. Nothing was changed."))
        except records.IsWithdrawn:
            messages.error(request, _("The patient has withdrawn this inquiry meanwhile. Nothing was changed."))
        else:
            self.log_change(request, inquiry, [{"changed": {"fields": [name]}}])
            messages.success(request, done)
        return HttpResponseRedirect(request.path)

    @staticmethod
    def _forms(inquiry: Inquiry, data=None) -> dict:
        wanted = data.get("do") if data else None

        def of(name: str):
            return data if name == wanted else None

        return {
            "marks": MarksForm(sheet_of(inquiry).rows, of("marks")),
            "note": NoteForm(of("note")),
            "assign": AssignForm(inquiry, of("assign")),
            "move": MoveForm(inquiry, of("move")),
        }

    @staticmethod
    def _do_marks(inquiry: Inquiry, form: MarksForm, by):
        for row, value, note in form.changed():
            records.mark(inquiry, row, value, note, by)
        return _("Marks and notes are saved.")

    @staticmethod
    def _do_note(inquiry: Inquiry, form: NoteForm, by):
        records.note(inquiry, form.cleaned_data["text"], by)
        return _("The note is added.")

    @staticmethod
    def _do_assign(inquiry: Inquiry, form: AssignForm, by):
        records.assign(inquiry, form.cleaned_data["assignee"], by)
        return _("The assignment is saved.")

    @staticmethod
    def _do_move(inquiry: Inquiry, form: MoveForm, by):
        data = form.cleaned_data
        records.move(inquiry, data["to"], by, data.get("closed_as", ""), data.get("reason", ""))
        return _("The status is changed.")

    def _sheet(
        self, request: HttpRequest, inquiry: Inquiry, forms: dict | None = None, status: int = 200
    ) -> HttpResponse:
        context = {"events": inquiry.events.select_related("actor").reverse()}
        if not inquiry.is_withdrawn:
            context |= {
                "sheet": sheet_of(inquiry),
                "condition": condition_of(inquiry),
                "notes": inquiry.notes.select_related("author"),
                "forms": self._forms(inquiry) | (forms or {}),
                "may_write": self.has_change_permission(request, inquiry),
            }
        return self._page(request, inquiry, "withdrawn" if inquiry.is_withdrawn else "sheet", context, status)

    def _page(self, request: HttpRequest, inquiry: Inquiry, name: str, context: dict, status: int) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": inquiry.reference,
            "opts": self.opts,
            "inquiry": inquiry,
            "written_in": self.written_in(inquiry),
            "status_in_words": self.status_in_words(inquiry),
            "waiting": self.waiting(inquiry),
            **context,
        }
        response = TemplateResponse(request, f"admin/screening/inquiry/{name}.html", context, status=status)
        response.headers["Cache-Control"] = "no-store, private"
        return response.render()  # now, so that a broken seal is met where it is caught

    # Inquiries come from patients and stay as they were sent

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False
