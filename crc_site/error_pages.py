"""Error pages: each says what to do next, and none needs the database."""

import sys

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.middleware import csrf
from django.shortcuts import render
from django.urls import reverse

_WITHDRAWAL, _QUESTIONS = {"withdraw", "ask-for-copy"}, {"step", "check"}
_OWN_PAGE = "inquiry"  # begins the name of every route of the patient's own page
# Django inserts the foreign origin or referer into these.
_FOREIGN_ORIGIN = tuple(reason.partition("%s")[0] for reason in (csrf.REASON_BAD_ORIGIN, csrf.REASON_BAD_REFERER))


def _page(request: HttpRequest, status: int, template: str | None = None, **context: object) -> HttpResponse:
    context = {"page_status": status, **context}
    response = render(request, f"errors/{template or status}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After if the database is unreachable, full or not ready."""
    error = sys.exc_info()[1]
    is_down = isinstance(error, DatabaseError | InterfaceError) and not isinstance(error, DataError | IntegrityError)
    if is_down:
        response = _page(request, 503)
        response.headers["Retry-After"] = "60"
        return response
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the actual reason of a CSRF failure; mention answers only if there is a draft.

    A message typed on the patient's page is shown, to be copied, if their cookie came along: browsers send it with no
    form of another site, so nobody else can have put the text there.
    """
    about, cookies = _about(request), request.COOKIES
    is_theirs = about == "own-page" and settings.INQUIRY_COOKIE_NAME in cookies
    return _page(
        request,
        403,
        "form-expired",
        why=_why_refused(request, reason),
        about=about,
        way_back=reverse("inquiry", args=[_token(request)]) if about == "own-page" else request.path,
        unsent_text="\n\n".join(filter(None, map(request.POST.get, ("text", "times-text")))) if is_theirs else "",
        has_draft=settings.DRAFT_COOKIE_NAME in cookies,
    )


def _token(request: HttpRequest) -> str:
    return str(request.resolver_match.kwargs["token"]) if request.resolver_match else ""


def _why_refused(request: HttpRequest, reason: str) -> str:
    """``cookies`` are blocked, origin ``hidden`` by the browser, form from ``elsewhere``, or page ``expired``."""
    if reason == csrf.REASON_NO_CSRF_COOKIE:
        # A browser that sends another of our cookies accepts cookies, so the CSRF cookie has expired.
        ours = {
            settings.DRAFT_COOKIE_NAME,
            settings.INQUIRY_COOKIE_NAME,
            settings.SESSION_COOKIE_NAME,
            settings.STAFF_LANGUAGE_COOKIE_NAME,
        }
        return "cookies" if ours.isdisjoint(request.COOKIES) else "expired"
    if reason in (csrf.REASON_NO_REFERER, csrf.REASON_MALFORMED_REFERER) or request.headers.get("Origin") == "null":
        return "hidden"
    is_elsewhere = reason == csrf.REASON_INSECURE_REFERER or reason.startswith(_FOREIGN_ORIGIN)
    return "elsewhere" if is_elsewhere else "expired"


def _about(request: HttpRequest) -> str:
    """What the form was for: ``withdraw``, ``questions``, ``own-page``, ``staff``, or an empty string."""
    if request.path.startswith(("/admin/", "/staff/")):
        return "staff"
    name = (request.resolver_match.url_name if request.resolver_match else "") or ""
    if name.startswith(_OWN_PAGE):
        return "own-page"
    return "withdraw" if name in _WITHDRAWAL else "questions" if name in _QUESTIONS else ""
