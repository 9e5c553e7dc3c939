"""The listed inquiries as a CSV file. Each exported inquiry gets an event."""

import csv
import json
import logging
from collections.abc import Iterator
from io import StringIO
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from screening.accounts import permissions
from screening.desk.capped_counts import capped_count, format_count
from screening.desk.exports.columns import cells, columns
from screening.desk.inbox.filters import InvalidListing, Listing
from screening.desk.inbox.rows import load_with_answers
from screening.inquiries import services
from screening.models import Inquiry

_CHUNK = 200  # rows
_BYTE_ORDER_MARK = "\ufeff"  # spreadsheets need it to read UTF-8

_log = logging.getLogger("crc.desk")


class ExportForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What the file holds"),
        choices=[
            ("table", _("Without personal data: no contact details, and nothing that people typed in their own words")),
            ("table-personal", _("With personal data: everything that the patients sent")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the file holds"), "invalid_choice": _("Choose what the file holds")},
    )


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """GET: the form that asks what the file holds. POST: the file."""
    user = permissions.staff_user(request)
    if not permissions.may_export(user):
        raise PermissionDenied
    try:
        listing = Listing.of(request.GET).on_page(1)
    except InvalidListing:
        messages.error(request, gettext("The list to be exported does not exist. Nothing was exported."))
        return HttpResponseRedirect(reverse("admin:screening_inquiry_changelist"))
    found = listing.inquiries(user, timezone.now())
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _file(user, list(found.values_list("pk", flat=True)), form.cleaned_data["what"])
    context = {
        **admin.site.each_context(request),
        "title": _("Export this list"),
        "opts": Inquiry._meta,
        "form": form,
        "listing": listing,
        "count": capped_count(found),
        "count_in_words": format_count(capped_count(found)),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/screening/inquiry/export.html", context, status=status)


def _file(by: User, ids: list[UUID], what: str) -> StreamingHttpResponse:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Inquiry),
        object_repr=str(Inquiry._meta.verbose_name_plural),
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"fields": [what]}}]),
    )
    _log.info("exported", extra={"count": len(ids)})
    response = StreamingHttpResponse(_lines(ids, what, by, get_language()), content_type="text/csv")
    name = f"inquiries-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(ids: list[UUID], what: str, by: User, language: str) -> Iterator[bytes]:
    """The file in chunks. The events of a chunk are committed before it is sent, so nothing leaves unrecorded.

    No query or transaction is open while a chunk is sent, so a slow client blocks nobody.
    """
    with override(language):
        chosen = columns(personal=what == "table-personal")
        head = _as_csv([[column.heading for column in chosen]])
    yield (_BYTE_ORDER_MARK + head).encode()
    for start in range(0, len(ids), _CHUNK):
        with transaction.atomic():
            inquiries = load_with_answers(ids[start : start + _CHUNK])
            services.record_exported(inquiries, by, what)
        with override(language):
            lines = _as_csv([cells(inquiry, chosen) for inquiry in inquiries])
        yield lines.encode()


def _as_csv(lines: list[list[str]]) -> str:
    """CSV with every cell quoted: spreadsheets of other locales expect other separators."""
    written = StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(lines)
    return written.getvalue()
