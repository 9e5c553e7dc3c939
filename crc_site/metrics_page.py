"""/metrics in Prometheus's text format, for a scraper on this machine or with METRICS_TOKEN. For others it is a 404."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from crc_site.middleware.client_address import client_address

_THIS_MACHINE = ("127.0.0.1", "::/64")  # of an IPv6 address, client_address returns the network


def metrics_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware; responds before the host check, since scrapers send an IP address as Host."""
    if not settings.METRICS:
        raise MiddlewareNotUsed
    from crc_site.observability import metrics

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path != "/metrics" or not may_read(request):
            return get_response(request)
        headers = {"Cache-Control": "no-store"}
        return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE, headers=headers)

    return middleware


def may_read(request: HttpRequest) -> bool:
    """Whether it comes from this machine, directly or through its own proxy, or has the token."""
    if client_address(request) in _THIS_MACHINE:
        return True
    sent = request.headers.get("Authorization", "").encode()
    return bool(settings.METRICS_TOKEN) and secrets.compare_digest(sent, f"Bearer {settings.METRICS_TOKEN}".encode())
