"""Security headers that Django does not set, on every response including static files."""

from collections.abc import Callable

from csp.constants import HEADER as POLICY
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Permitted-Cross-Domain-Policies": "none",
}


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    # Built once; django-csp's middleware would build it for every response.
    headers = HEADERS | {POLICY: build_policy()}

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_debug_page = settings.DEBUG and response.status_code in {404, 500}  # has inline styles
        for name, value in (HEADERS if is_debug_page else headers).items():
            response.headers.setdefault(name, value)
        return response

    return middleware
