"""Five failed sign-ins pause that name at that address for 15 minutes. Kept of it: two keyed hashes, a count, a time.

django-axes counts; its settings name the functions here. The owner, at another address, still gets in.
"""

import logging
from ipaddress import IPv6Address
from math import ceil
from typing import Any

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

from crc_site.middleware.client_address import client_address
from screening.accounts.audit_trail import AccountEvent, log_event
from screening.privacy.blind_index import blind_index

_log = logging.getLogger("crc.staff")


class MinimalAxesHandler(AxesDatabaseHandler):
    """axes would keep the browser's name, the path and what was sent as well, without a setting to forbid it."""

    def user_login_failed(
        self, sender: object, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = request.axes_path_info = ""
        super().user_login_failed(sender, credentials, request, **kwargs)


@receiver(pre_save, sender=AccessAttempt)
def clear_request_data(sender: object, instance: AccessAttempt, **kwargs: Any) -> None:
    instance.get_data = instance.post_data = ""


def hashed_username(request: HttpRequest, credentials: dict | None = None) -> str:
    typed = (credentials or request.POST).get("username") or ""
    return blind_index("sign-in name", typed.encode("utf-8", "replace").decode())


def hashed_address(request: HttpRequest) -> str:
    """A keyed hash in the form of an address, since axes keeps it in a column for addresses."""
    return str(IPv6Address(int(blind_index("sign-in address", client_address(request)), 16)))


def anonymous_client(username: Any, ip_address: Any, user_agent: Any, path_info: Any, request: HttpRequest) -> str:
    """What axes may call a client in its messages, which the log does not take anyway."""
    return "a client"


@receiver(user_locked_out)
def log_lockout(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Once a pause, when it begins: in the log without a name, and in the history of the account if there is one."""
    if request.axes_failures_since_start is None:
        return
    _log.warning("sign-in paused")
    member = get_user_model().objects.filter(username=request.axes_credentials.get("username")).first()
    if member is not None and member.is_staff:
        log_event(AccountEvent.PAUSED, member)


def lockout_response(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """The page in place of the sign-in form, until the pause is over."""
    seconds = _seconds_left(request, credentials)
    context = {**admin.site.each_context(request), "minutes": ceil(seconds / 60)}
    page = render(request, "admin/locked_out.html", context, status=429)
    page.headers["Retry-After"] = str(seconds)
    page.headers["Cache-Control"] = "no-store, private"
    return page


def _seconds_left(request: HttpRequest, credentials: dict | None) -> int:
    (failures,) = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    last = failures.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    return max(1, ceil((last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()))
