"""The same done to several inquiries of the inbox: a page that says what will happen, and then a plain outcome."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from screening.desk import rights
from screening.desk.forms.several import FORMS, AssignSeveralForm, CloseSeveralForm
from screening.desk.queue import PER_PAGE, queue_behind
from screening.desk.rows import inquiries_of
from screening.desk.standing import status_in_words
from screening.desk.words import name_of
from screening.inquiries import records
from screening.models import Inquiry


@dataclass(frozen=True)
class Chosen:
    """``seen`` is the inquiry's newest event when the page was made, so that a colleague's work is not overwritten."""

    inquiry: Inquiry
    seen: int
    status: str
    assignee: str
    why_not: str

    @property
    def value(self) -> str:
        return f"{self.inquiry.pk}.{self.seen}"


@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """First the page that asks, then, with its answer, what was asked for."""
    if not rights.may_work(request.user):
        raise PermissionDenied
    kind = FORMS.get(request.POST.get("do"))
    seen = _chosen(request)
    if kind is None or not seen:
        messages.error(request, gettext("Choose one or more inquiries of the list first. Nothing was changed."))
        return HttpResponseRedirect(queue_behind(request).address)
    form = kind(request.user, request.POST if request.POST.get("sure") else None)
    if form.is_valid():
        inquiries = inquiries_of(list(seen))
        outcome = form.do(inquiries, request.user, seen)
        _log(request, outcome.done)
        _tell(request, outcome, len(seen) - len(inquiries))
        return HttpResponseRedirect(queue_behind(request).address)
    return _ask(request, form, list(seen))


def _ask(request: HttpRequest, form: AssignSeveralForm | CloseSeveralForm, ids: list[UUID]) -> HttpResponse:
    newest = records.newest_events(ids)  # before the rows are read
    chosen = [
        Chosen(
            each,
            newest.get(each.pk, 0),
            status_in_words(each),
            name_of(each.assignee) if each.assignee else gettext("nobody"),
            form.why_not(each),
        )
        for each in inquiries_of(ids)
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Assign several") if isinstance(form, AssignSeveralForm) else _("Close several"),
        "opts": Inquiry._meta,
        "do": request.POST["do"],
        "queue": queue_behind(request),
        "form": form,
        "possible": [each for each in chosen if not each.why_not],
        "impossible": [each for each in chosen if each.why_not],
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/screening/inquiry/several.html", context, status=status)


def _chosen(request: HttpRequest) -> dict[UUID, int | None]:
    """The inquiries that were chosen, with what was seen of each; none when one of the values is forged."""
    values = request.POST.getlist("shown" if request.POST.get("all") else "chosen")
    try:
        pairs = [value.partition(".")[::2] for value in values[: PER_PAGE + 1]]
        chosen = {UUID(pk): int(seen) if seen else None for pk, seen in pairs}
    except ValueError:
        return {}
    return chosen if len(chosen) <= PER_PAGE and all((seen or 0) < 2**63 for seen in chosen.values()) else {}


def _log(request: HttpRequest, done: list[Inquiry]) -> None:
    """Django's log of who sent which form."""
    changed = [{"changed": {"fields": [request.POST["do"]]}}]
    LogEntry.objects.log_actions(request.user.pk, done, CHANGE, changed, single_object=False)


def _tell(request: HttpRequest, outcome: records.Outcome, erased: int) -> None:
    done = len(outcome.done)
    if done:
        said = {
            "assign": ngettext("%(count)d inquiry is assigned.", "%(count)d inquiries are assigned.", done),
            "close": ngettext("%(count)d inquiry is closed.", "%(count)d inquiries are closed.", done),
        }
        messages.success(request, said[request.POST["do"]] % {"count": done})
    for inquiry, why in outcome.refused:
        messages.warning(request, f"{inquiry.reference}: {_why(why)}")
    if erased:
        messages.warning(
            request,
            ngettext("%(count)d inquiry is not there any more.", "%(count)d inquiries are not there any more.", erased)
            % {"count": erased},
        )


def _why(refused: Exception) -> str:
    if isinstance(refused, records.IsWithdrawn):
        return gettext("the patient has withdrawn it; nothing was changed.")
    if isinstance(refused, records.Stale):
        return gettext("a colleague has changed it meanwhile; nothing was changed.")
    return gettext("this is not possible from where it stands now; nothing was changed.")
