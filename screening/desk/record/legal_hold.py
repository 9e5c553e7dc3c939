"""Legal hold and erasing on request, for Managers: a page of its own behind a record, and what each form there does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.inquiries import services
from screening.models import Inquiry
from screening.questionnaire.fields import CleanCharField

_MOST = 2000  # characters of a reason


class ReasonForm(forms.Form):
    """For putting on hold and for lifting it. The reason is sealed, and goes when the inquiry goes."""

    reason = CleanCharField(
        lines=True,
        max_length=_MOST,
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why")},
    )


class EraseForm(forms.Form):
    asked_by = forms.ChoiceField(
        label=_("How the patient asked for it"),
        choices=services.RequestChannel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the patient asked for it")},
    )
    is_sure = forms.BooleanField(
        label=_("I have made sure that it was the patient who asked"),
        error_messages={"required": _("Make sure first that it was the patient who asked")},
    )


def holding_page(desk: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Shows the forms that this member of staff may use, and does what one of them says."""
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if not any(_permitted_forms(request.user)):
        raise PermissionDenied
    inquiry = desk.get_object(request, str(object_id))
    if inquiry is None:
        return desk._get_obj_does_not_exist_redirect(request, desk.opts, str(object_id))
    if request.method == "GET":
        return _page(desk, request, inquiry, _forms(inquiry, request.user))
    name = request.POST.get("do", "")
    offered = _forms(inquiry, request.user, name, request.POST)
    if name not in offered:
        return _conflict_response(request)
    if not offered[name].is_valid():
        return _page(desk, request, inquiry, offered, status=422)
    return _perform(desk, request, inquiry, name, offered[name])


def _permitted_forms(user: User) -> set[str]:
    """The forms that a member of staff may use at all."""
    return ({"hold", "lift"} if permissions.may_hold(user) else set()) | (
        {"erase"} if permissions.may_erase(user) else set()
    )


def _forms(
    inquiry: Inquiry, user: User, sent: str = "", data: Mapping[str, Any] | None = None
) -> dict[str, forms.Form]:
    """Those that the record as it stands takes; the one that was sent is bound to its data."""
    fitting = {"lift": ReasonForm} if inquiry.is_on_hold else {"hold": ReasonForm}
    if inquiry.is_erased:
        return {}
    if not inquiry.is_withdrawn:
        fitting["erase"] = EraseForm
    may = _permitted_forms(user)
    return {name: form(data if name == sent else None, prefix=name) for name, form in fitting.items() if name in may}


def _perform(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, name: str, form: forms.Form) -> HttpResponse:
    version = request.POST.get("version", "")
    version = int(version) if version.isascii() and version.isdigit() and len(version) <= 18 else 0
    try:
        said = _DO[name](inquiry, form.cleaned_data, request.user, version)
    except (services.Conflict, services.HoldUnchanged, services.IsWithdrawn, Inquiry.DoesNotExist):
        return _conflict_response(request)
    desk.log_change(request, inquiry, [{"changed": {"fields": [name]}}])
    messages.success(request, said)
    return HttpResponseRedirect(request.path)


def _conflict_response(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("A colleague or the patient has changed this inquiry meanwhile. Nothing was changed."))
    return HttpResponseRedirect(request.path)


def _hold(inquiry: Inquiry, data: dict, by: User, version: int):
    services.place_hold(inquiry, data["reason"], by, version=version)
    return _("It is on legal hold now.")


def _lift(inquiry: Inquiry, data: dict, by: User, version: int):
    is_erased = services.lift_hold(inquiry, data["reason"], by, version=version)
    return _("The hold is lifted, and what was withdrawn is erased.") if is_erased else _("The hold is lifted.")


def _erase(inquiry: Inquiry, data: dict, by: User, version: int):
    is_erased = services.erase_on_request(inquiry, data["asked_by"], by, version=version)
    return _("It is erased.") if is_erased else _("It is closed, and will be erased when the hold is lifted.")


_DO = {"hold": _hold, "lift": _lift, "erase": _erase}


def _page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, offered: dict, status: int = 200) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Legal hold and erasing"),
        "opts": desk.opts,
        "inquiry": inquiry,
        "version": services.current_version(inquiry),
        "forms": offered,
        "has_errors": any(form.errors for form in offered.values()),
    }
    response = TemplateResponse(request, "admin/screening/inquiry/legal_hold.html", context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response
