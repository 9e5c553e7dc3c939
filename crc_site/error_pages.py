"""Pages for what goes wrong: each says what to do next, and none of them needs the database."""

import sys

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def _page(request: HttpRequest, status: int, template: str | None = None) -> HttpResponse:
    response = render(request, f"errors/{template or status}.html", {"page_status": status}, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away, full or not ready is a pause, not a fault: 503, and it passes by itself."""
    error = sys.exc_info()[1]
    is_away = isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, DataError | IntegrityError)
    if is_away:
        response = _page(request, 503)
        response.headers["Retry-After"] = "60"
        return response
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF check failed: most often a page left open too long."""
    return _page(request, 403, "form-expired")
