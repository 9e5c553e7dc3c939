"""Lockout: five failed sign-ins lock that name at that address for 15 minutes.

django-axes counts the failures and calls these functions, which its settings name. It stores two keyed hashes, a
count and a time. The account's owner can still sign in from another address.
"""

import logging
from ipaddress import IPv6Address
from math import ceil
from typing import TYPE_CHECKING, Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Max
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from crc_site.middleware.client_address import client_address
from screening.accounts.audit_trail import AccountEvent, log_event
from screening.privacy.blind_index import blind_index

if TYPE_CHECKING:

    class AxesRequest(HttpRequest):
        """A request with the attributes that axes adds."""

        axes_user_agent: str
        axes_http_accept: str
        axes_path_info: str
        axes_credentials: dict[str, Any]
        axes_failures_since_start: int | None


_log = logging.getLogger("crc.staff")


class MinimalAxesHandler(AxesDatabaseHandler):
    """Keeps axes from storing user agent, path and form data, for which it has no setting."""

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: "AxesRequest | None" = None, **kwargs: Any
    ) -> None:
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = request.axes_path_info = ""
        super().user_login_failed(sender, credentials, request, **kwargs)


@receiver(pre_save, sender=AccessAttempt)
def clear_request_data(sender: object, instance: AccessAttempt, **kwargs: Any) -> None:
    instance.get_data = instance.post_data = ""


def hashed_username(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    username = (credentials or request.POST).get("username") or ""
    return blind_index("sign-in name", username.encode("utf-8", "replace").decode())


def hashed_address(request: HttpRequest) -> str:
    """A keyed hash in the form of an IPv6 address, since axes stores it in an address column."""
    return str(IPv6Address(int(blind_index("sign-in address", client_address(request)), 16)))


def anonymous_client(username: Any, ip_address: Any, user_agent: Any, path_info: Any, request: HttpRequest) -> str:
    """What axes calls a client in its log messages."""
    return "a client"


@receiver(user_locked_out)
def log_lockout(sender: object, request: "AxesRequest", **kwargs: Any) -> None:
    """Log the start of a lockout, without the name, and add it to the audit trail of a staff account."""
    if request.axes_failures_since_start is None:
        return
    _log.warning("sign-in paused")
    member = get_user_model().objects.filter(username=request.axes_credentials.get("username")).first()
    if member is not None and member.is_staff:
        log_event(AccountEvent.PAUSED, member)


def lockout_response(
    request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """The page shown in place of the sign-in form during a lockout."""
    seconds = _seconds_left(request, credentials)
    context = {**admin.site.each_context(request), "minutes": ceil(seconds / 60)}
    page = render(request, "admin/locked_out.html", context, status=429)
    page.headers["Retry-After"] = str(seconds)
    add_never_cache_headers(page)
    return page


def _seconds_left(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    (failures,) = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    last = failures.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return max(1, ceil((last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()))
