"""One inquiry as staff meet it: the sheet, and the small forms with which they work on it."""

import logging

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from screening.desk import rights
from screening.desk.forms import AssignForm, MarksForm, MoveForm, NoteForm
from screening.desk.sheet import Sheet, condition_of, sheet_of
from screening.inquiries import records
from screening.inquiries.sealed import SealBroken
from screening.models import Inquiry

_log = logging.getLogger("crc.desk")


class RecordPage:
    """The change view of the inquiries' ModelAdmin; it writes through `records` only."""

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
            if inquiry.is_erased:
                return self._page(request, inquiry, "withdrawn", {})
            sheet = sheet_of(inquiry)
            return self._sheet(request, inquiry, sheet, self._forms(inquiry, sheet, request.user))
        except SealBroken as error:
            _log.error("record cannot be opened", exc_info=error, extra={"reference": inquiry.reference})
            return self._page(request, inquiry, "sealed", {"events": None}, status=500)

    def _act(self, request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
        """One of the sheet's forms was sent: do it, or show it again with what was typed."""
        if not self.has_change_permission(request, inquiry) or inquiry.is_withdrawn:
            raise PermissionDenied
        sheet = sheet_of(inquiry)
        forms = self._forms(inquiry, sheet, request.user, request.POST)
        name = request.POST.get("do")
        form = forms.get(name)
        if form is None:
            raise PermissionDenied
        if not form.is_valid():
            return self._sheet(request, inquiry, sheet, forms, status=422)
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
    def _forms(inquiry: Inquiry, sheet: Sheet, by, data=None) -> dict:
        """All forms of the page; the one that was sent is bound to its data."""
        wanted = data.get("do") if data else None

        def of(name: str):
            return data if name == wanted else None

        return {
            "marks": MarksForm(sheet.rows, of("marks")),
            "note": NoteForm(of("note")),
            "assign": AssignForm(inquiry, by, of("assign")),
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
        self, request: HttpRequest, inquiry: Inquiry, sheet: Sheet, forms: dict, status: int = 200
    ) -> HttpResponse:
        context = {
            "sheet": sheet,
            "condition": condition_of(inquiry),
            "notes": inquiry.notes.select_related("author"),
            "forms": forms,
            "may_write": self.has_change_permission(request, inquiry) and not inquiry.is_withdrawn,
        }
        return self._page(request, inquiry, "sheet", context, status)

    def _page(
        self, request: HttpRequest, inquiry: Inquiry, name: str, context: dict, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": inquiry.reference,
            "opts": self.opts,
            "inquiry": inquiry,
            "written_in": self.written_in(inquiry),
            "status_in_words": self.status_in_words(inquiry),
            "waiting": self.waiting(inquiry),
            "events": rights.visible_events(inquiry.events.select_related("actor").reverse(), request.user),
            **context,
        }
        response = TemplateResponse(request, f"admin/screening/inquiry/{name}.html", context, status=status)
        response.headers["Cache-Control"] = "no-store, private"
        return response.render()  # now, so that a broken seal is met where it is caught
