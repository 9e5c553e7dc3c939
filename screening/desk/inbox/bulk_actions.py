"""Bulk actions of the inbox: a confirmation page, then the action with a message about each refused inquiry."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from screening.accounts import permissions
from screening.desk.inbox.bulk_forms import BULK_FORMS, BulkAssignForm, BulkForm
from screening.desk.inbox.filters import PER_PAGE, listing_of_form
from screening.desk.inbox.rows import load_inquiries
from screening.desk.labels import staff_name
from screening.desk.presenters import status_label
from screening.inquiries import services
from screening.models import Inquiry


@dataclass(frozen=True)
class Selection:
    """A selected inquiry and its shown version. ``why_not``: why the action is impossible, or ""."""

    inquiry: Inquiry
    version: int
    status: str
    assignee: str
    why_not: str

    @property
    def value(self) -> str:
        return f"{self.inquiry.pk}.{self.version}"


@require_POST
def bulk_action(request: HttpRequest) -> HttpResponse:
    """The confirmation page; with its answer, the action."""
    user = permissions.staff_user(request)
    if not permissions.may_edit(user):
        raise PermissionDenied
    form_class = BULK_FORMS.get(request.POST.get("do", ""))
    versions = _selected(request)
    if form_class is None or not versions:
        messages.error(request, gettext("Choose one or more inquiries of the list first. Nothing was changed."))
        return HttpResponseRedirect(listing_of_form(request).address)
    form = form_class(user, request.POST if request.POST.get("sure") else None)
    if form.is_valid():
        inquiries = load_inquiries(list(versions))
        result = form.do(inquiries, user, versions)
        _log_actions(request, user, result.done)
        _add_messages(request, result, len(versions) - len(inquiries))
        return HttpResponseRedirect(listing_of_form(request).address)
    return _confirmation_page(request, form, list(versions))


def _confirmation_page(request: HttpRequest, form: BulkForm, ids: list[UUID]) -> HttpResponse:
    newest = services.current_versions(ids)  # before the rows are read
    chosen = [
        Selection(
            each,
            newest.get(each.pk, 0),
            status_label(each),
            staff_name(each.assignee) if each.assignee else gettext("nobody"),
            form.why_not(each),
        )
        for each in load_inquiries(ids)
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Assign several") if isinstance(form, BulkAssignForm) else _("Close several"),
        "opts": Inquiry._meta,
        "do": request.POST["do"],
        "listing": listing_of_form(request),
        "form": form,
        "possible": [each for each in chosen if not each.why_not],
        "impossible": [each for each in chosen if each.why_not],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/screening/inquiry/bulk_action.html", context, status=status)


def _selected(request: HttpRequest) -> dict[UUID, int | None]:
    """The version of each selected inquiry by its id; empty if a value is malformed."""
    values = request.POST.getlist("shown" if request.POST.get("all") else "chosen")
    try:
        pairs = [value.partition(".")[::2] for value in values[: PER_PAGE + 1]]
        chosen = {UUID(pk): int(version) if version else None for pk, version in pairs}
    except ValueError:
        return {}
    return chosen if len(chosen) <= PER_PAGE and all((version or 0) < 2**63 for version in chosen.values()) else {}


def _log_actions(request: HttpRequest, user: User, done: list[Inquiry]) -> None:
    """Write Django's admin log."""
    changed = [{"changed": {"fields": [request.POST["do"]]}}]
    LogEntry.objects.log_actions(user.pk, done, CHANGE, changed, single_object=False)


def _add_messages(request: HttpRequest, result: services.BulkResult, erased: int) -> None:
    """``erased``: how many of the selected inquiries do not exist any more."""
    done = len(result.done)
    if done:
        texts = {
            "assign": ngettext("%(count)d inquiry is assigned.", "%(count)d inquiries are assigned.", done),
            "close": ngettext("%(count)d inquiry is closed.", "%(count)d inquiries are closed.", done),
        }
        messages.success(request, texts[request.POST["do"]] % {"count": done})
    for inquiry, why in result.refused:
        messages.warning(request, f"{inquiry.reference}: {_refusal_message(why)}")
    if erased:
        messages.warning(
            request,
            ngettext("%(count)d inquiry is not there any more.", "%(count)d inquiries are not there any more.", erased)
            % {"count": erased},
        )


def _refusal_message(refused: Exception) -> str:
    if isinstance(refused, services.IsWithdrawn):
        return gettext("the patient has withdrawn it; nothing was changed.")
    if isinstance(refused, services.Conflict):
        return gettext("a colleague has changed it meanwhile; nothing was changed.")
    return gettext("this is not possible from where it stands now; nothing was changed.")
