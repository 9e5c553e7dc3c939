"""The admin site, with a one-time code at sign-in if STAFF_REQUIRE_OTP is on."""

from collections.abc import Callable, Iterator
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.models import LogEntry
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django_otp.plugins.otp_static.models import StaticDevice

from screening.accounts import passkeys
from screening.accounts.models import Passkey
from screening.accounts.sign_in import StaffLoginForm

# Form fields that `signed_out` does not show again: control fields, and fields with one of these prefixes.
_CONTROL_FIELDS = {
    "csrfmiddlewaretoken",
    "action",
    "appointment",
    "assignee",
    "chosen",
    "do",
    "letter",
    "list",
    "next",
    "version",
    "shown",
}
_HIDDEN_PREFIXES = ("_", "initial-", "password", "old_password", "new_password", "otp_")


class StaffSite(AdminSite):
    site_header = _("CRC staff")
    site_title = _("CRC staff")
    index_title = _("Staff desk")
    site_url = "/"
    enable_nav_sidebar = False
    login_template = "admin/sign_in.html"
    password_change_template = "admin/change_password.html"  # noqa: S105

    @property
    def login_form(self) -> type[AuthenticationForm]:  # type: ignore[override]  # depends on a setting
        is_asked = settings.STAFF_REQUIRE_OTP or settings.STAFF_REQUIRE_PASSKEY
        return StaffLoginForm if is_asked else AdminAuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        # django-otp's middleware sets `otp_device`; it is None until a code is verified.
        device = getattr(request.user, "otp_device", None)
        is_verified = isinstance(device, (Passkey, StaticDevice)) if settings.STAFF_REQUIRE_PASSKEY else bool(device)
        is_asked = settings.STAFF_REQUIRE_OTP or settings.STAFF_REQUIRE_PASSKEY
        return super().has_permission(request) and (is_verified or not is_asked)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"options": passkeys.sign_in_options(), "may_use_app": not settings.STAFF_REQUIRE_PASSKEY}
        return super().login(request, {**context, **(extra_context or {})})

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view like Django's admin, but no response is ever stored: ``cacheable`` is ignored.

        If the session has ended, a POST shows the typed text again, and a GET leads to the sign-in page.
        """
        admin_view: Callable[..., HttpResponse] = super().admin_view(view)

        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return self._refused(request) or admin_view(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """The response if the session has ended or the form was sent without one; None if the view may answer."""
        if self.has_permission(request) or request.path == reverse("admin:logout"):
            return None
        if request.method == "POST":
            return self.signed_out(request)
        if ended := getattr(request, "session_ended", None):
            query = {"next": request.get_full_path(), "ended": ended}
            return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode(query)}")
        return None

    def signed_out(self, request: HttpRequest) -> HttpResponse:
        """The response (403) to a form sent after the session ended: nothing is saved; the typed text can be copied."""
        context = {
            **self.each_context(request),
            "typed": list(_typed(request.POST)),
            "ended": getattr(request, "session_ended", None),
            "next": request.get_full_path(),
        }
        return render(request, "admin/signed_out.html", context, status=403)

    def get_log_entries(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """Without entries about staff accounts, which their own pages show."""
        return super().get_log_entries(request).exclude(content_type__app_label="staff")


def _typed(data: QueryDict) -> Iterator[tuple[str, str]]:
    """Name and value of each field that was filled in or changed."""
    for name, values in data.lists():
        if name in _CONTROL_FIELDS or name.startswith(_HIDDEN_PREFIXES):
            continue
        yield from ((name, value) for value in values if value.strip() and value != data.get(f"initial-{name}"))
