"""The page behind a record on which Managers place and lift a legal hold and erase on request."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from screening.accounts import permissions
from screening.desk.record.page import missing_page
from screening.desk.record.version import version_from
from screening.inquiries import services
from screening.models import Inquiry
from screening.questionnaire.fields import CleanCharField

_MAX_REASON_LENGTH = 2000  # characters of a reason


class ReasonForm(forms.Form):
    """To place a hold or lift it. The reason is stored encrypted and erased with the inquiry."""

    reason = CleanCharField(
        lines=True,
        max_length=_MAX_REASON_LENGTH,
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
    """GET shows the forms that the user may submit; POST performs one of them."""
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    user = permissions.staff_user(request)
    if not _permitted_forms(user):
        raise PermissionDenied
    inquiry: Inquiry | None = desk.get_object(request, str(object_id))
    if inquiry is None:
        return missing_page(desk, request, object_id)
    if request.method == "GET":
        return _page(desk, request, inquiry, _forms(inquiry, user))
    name = request.POST.get("do", "")
    offered = _forms(inquiry, user, name, request.POST)
    if name not in offered:
        return _conflict_response(request)
    if not offered[name].is_valid():
        return _page(desk, request, inquiry, offered, status=422)
    return _perform(desk, request, inquiry, name, offered[name])


def _permitted_forms(user: User) -> set[str]:
    """Names of the forms that the user has permission for."""
    return ({"hold", "lift"} if permissions.may_hold(user) else set()) | (
        {"erase"} if permissions.may_erase(user) else set()
    )


def _forms(
    inquiry: Inquiry, user: User, sent: str = "", data: Mapping[str, Any] | None = None
) -> dict[str, forms.Form]:
    """The permitted forms that fit the record's state, by name; ``sent`` names the one bound to ``data``."""
    fitting: dict[str, type[forms.Form]] = {"lift": ReasonForm} if inquiry.is_on_hold else {"hold": ReasonForm}
    if inquiry.is_erased:
        return {}
    if not inquiry.is_withdrawn:
        fitting["erase"] = EraseForm
    may = _permitted_forms(user)
    return {name: form(data if name == sent else None, prefix=name) for name, form in fitting.items() if name in may}


def _perform(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, name: str, form: forms.Form) -> HttpResponse:
    version = version_from(request.POST)
    try:
        message = _DO[name](inquiry, form.cleaned_data, permissions.staff_user(request), version)
    except (services.Conflict, services.HoldUnchanged, services.IsWithdrawn, Inquiry.DoesNotExist):
        return _conflict_response(request)
    desk.log_change(request, inquiry, [{"changed": {"fields": [name]}}])
    messages.success(request, message)
    return HttpResponseRedirect(request.path)


def _conflict_response(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("A colleague or the patient has changed this inquiry meanwhile. Nothing was changed."))
    return HttpResponseRedirect(request.path)


def _hold(inquiry: Inquiry, data: dict[str, Any], by: User, version: int) -> str:
    services.place_hold(inquiry, data["reason"], by, version=version)
    return gettext("It is on legal hold now.")


def _lift(inquiry: Inquiry, data: dict[str, Any], by: User, version: int) -> str:
    is_erased = services.lift_hold(inquiry, data["reason"], by, version=version)
    return (
        gettext("The hold is lifted, and what was withdrawn is erased.")
        if is_erased
        else gettext("The hold is lifted.")
    )


def _erase(inquiry: Inquiry, data: dict[str, Any], by: User, version: int) -> str:
    is_erased = services.erase_on_request(inquiry, data["asked_by"], by, version=version)
    return (
        gettext("It is erased.") if is_erased else gettext("It is closed, and will be erased when the hold is lifted.")
    )


_DO: dict[str, Callable[[Inquiry, dict[str, Any], User, int], str]] = {"hold": _hold, "lift": _lift, "erase": _erase}


def _page(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, offered: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Legal hold and erasing"),
        "opts": desk.opts,
        "inquiry": inquiry,
        "version": services.current_version(inquiry),
        "forms": offered,
        "has_errors": any(form.errors for form in offered.values()),
    }
    return TemplateResponse(request, "admin/screening/inquiry/legal_hold.html", context, status=status)
