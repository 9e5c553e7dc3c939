"""Security headers that Django does not set, on every response including static files."""

from collections.abc import Callable

from csp.constants import HEADER as POLICY
from csp.constants import SELF
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from crc_site.middleware.languages import is_for_staff

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    # Built once; django-csp's middleware would build it for every response.
    for_staff = HEADERS | {POLICY: build_policy()}
    # Audits such as Lighthouse read robots.txt from the page that they look at.
    for_visitors = HEADERS | {POLICY: build_policy(update={"connect-src": [SELF]})}

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = for_staff if is_for_staff(request.path) else for_visitors
        is_debug_page = settings.DEBUG and response.status_code in {404, 500}  # has inline styles
        for name, value in (HEADERS if is_debug_page else headers).items():
            response.headers.setdefault(name, value)
        return response

    return middleware
