"""Django's admin site under the clinic's name, with a one-time code at sign-in wherever STAFF_REQUIRE_OTP says so."""

from collections.abc import Iterator
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from screening.accounts.sign_in import StaffLoginForm

# Fields of a form that are not a person's work, or not to be shown again; the second by the beginning of their name.
_BOOKKEEPING = {
    "csrfmiddlewaretoken",
    "action",
    "assignee",
    "chosen",
    "do",
    "letter",
    "list",
    "next",
    "version",
    "shown",
}
_NOT_SHOWN = ("_", "initial-", "password", "old_password", "new_password", "otp_")


class StaffSite(AdminSite):
    site_header = _("CRC staff")
    site_title = _("CRC staff")
    index_title = _("Staff desk")
    site_url = "/"
    enable_nav_sidebar = False
    login_template = "admin/sign_in.html"
    password_change_template = "admin/change_password.html"  # noqa: S105

    @property
    def login_form(self) -> type[AuthenticationForm]:
        return StaffLoginForm if settings.STAFF_REQUIRE_OTP else AdminAuthenticationForm

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and (request.user.is_verified() or not settings.STAFF_REQUIRE_OTP)

    def admin_view(self, view: Any, cacheable: bool = False):
        """As Django's, but no page is kept by a browser, not even what Django calls ``cacheable``.

        Who was signed out meanwhile is told so, and sees again what they had typed.
        """
        usual = super().admin_view(view)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if self.has_permission(request) or request.path == reverse("admin:logout"):
                return usual(request, *args, **kwargs)
            if request.method == "POST":
                return self.signed_out(request)
            ended = getattr(request, "session_ended", None)
            if ended:
                to = {"next": request.get_full_path(), "ended": ended}
                return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode(to)}")
            return usual(request, *args, **kwargs)

        return update_wrapper(guarded, view)

    def signed_out(self, request: HttpRequest) -> HttpResponse:
        """A form came after its session had ended: nothing was saved, and what was typed is shown to be copied."""
        context = {
            **self.each_context(request),
            "typed": list(_typed(request.POST)),
            "ended": getattr(request, "session_ended", None),
            "next": request.get_full_path(),
        }
        page = render(request, "admin/signed_out.html", context, status=403)
        page.headers["Cache-Control"] = "no-store, private"
        return page

    def get_log_entries(self, request: HttpRequest):
        """What somebody did to inquiries; what happened to accounts is read on their pages."""
        return super().get_log_entries(request).exclude(content_type__app_label="staff")


def _typed(sent: QueryDict) -> Iterator[tuple[str, str]]:
    """Name and value of each field that was filled or changed."""
    for name, values in sent.lists():
        if name in _BOOKKEEPING or name.startswith(_NOT_SHOWN):
            continue
        yield from ((name, value) for value in values if value.strip() and value != sent.get(f"initial-{name}"))
