"""The browser's session on the patient's page of an inquiry, opened by a mailed code.

A signed cookie of its own names the browser's access: the code that it asked for, then the session, which times out
after IDLE_TIMEOUT. "Clear this device" ends it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from screening.inquiries import services
from screening.inquiries.patient_links import inquiry_of_page
from screening.models import Inquiry, PatientAccess
from screening.questionnaire import drafts

TIMED_OUT = "timed-out"  # why the code page is shown, as a query parameter

_SIGNER = signing.TimestampSigner(salt="screening.inquiry-session")
_COOKIE_AGE = timedelta(days=1)  # longer than the timeout, so that a message typed too long is not lost

InquiryView = Callable[[HttpRequest, Inquiry, str], HttpResponse]


def requires_inquiry(view: InquiryView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorator of a view behind the page's link: looks up its inquiry, or answers that the link does not work."""

    @wraps(view)
    def found(request: HttpRequest, token: str) -> HttpResponse:
        inquiry = inquiry_of_page(token)
        return view(request, inquiry, token) if inquiry else unknown_link(request)

    return found


def requires_session(
    view: Callable[[HttpRequest, Inquiry, str, PatientAccess], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """Decorator of a view behind the page's code; without an open session, the code page says so."""

    @never_cache
    @requires_inquiry
    @wraps(view)
    def opened(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
        access, is_timed_out = session_of(request, inquiry)
        if access is None or not access.is_open or is_timed_out:
            return redirect_with_problem(token, TIMED_OUT)
        response = view(request, inquiry, token, access)
        set_session_cookie(response, access)
        return response

    return opened


def session_access_id(request: HttpRequest) -> UUID | None:
    """The access that the cookie names, whether or not it timed out."""
    try:
        return UUID(_SIGNER.unsign(request.COOKIES.get(settings.INQUIRY_COOKIE_NAME, ""), max_age=_COOKIE_AGE))
    except (signing.BadSignature, ValueError):
        return None


def delete_session_cookie(response: HttpResponse) -> None:
    response.delete_cookie(settings.INQUIRY_COOKIE_NAME, samesite="Lax")


def session_of(request: HttpRequest, inquiry: Inquiry) -> tuple[PatientAccess | None, bool]:
    """The browser's access to this inquiry, and whether it has been idle for longer than IDLE_TIMEOUT."""
    access = services.find_access(session_access_id(request))
    if access is None or access.inquiry_id != inquiry.pk:
        return None, False
    try:
        _SIGNER.unsign(request.COOKIES[settings.INQUIRY_COOKIE_NAME], max_age=services.IDLE_TIMEOUT)
    except signing.SignatureExpired:
        return access, True
    return access, False


def set_session_cookie(response: HttpResponse, access: PatientAccess) -> None:
    drafts.set_cookie(response, settings.INQUIRY_COOKIE_NAME, cookie_value(access), _COOKIE_AGE)


def cookie_value(access: PatientAccess) -> str:
    return _SIGNER.sign(access.pk.hex)


def redirect_with_problem(token: str, problem: str) -> HttpResponse:
    return redirect(f"{reverse('inquiry', args=[token])}?{urlencode({'problem': problem})}")


def unknown_link(request: HttpRequest) -> HttpResponse:
    return render(request, "candidacy/withdraw_unknown.html", status=404)
