"""Pages behind the patient's links: withdraw the inquiry, or get a copy of it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from content.rendering import render as render_markdown
from screening.inquiries import services
from screening.inquiries.patient_copy import patient_copy
from screening.inquiries.patient_links import inquiry_to_copy, inquiry_to_withdraw
from screening.models import Inquiry


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Explain the withdrawal; withdraw on POST. Never shows an answer."""
    inquiry = inquiry_to_withdraw(token)
    if inquiry is None:
        return _unknown_link(request)
    if request.method == "POST":
        try:
            services.withdraw(inquiry.pk)
        except Inquiry.DoesNotExist:  # purged since it was looked up
            return _unknown_link(request)
        return redirect("withdraw", token)
    if inquiry.is_withdrawn:
        return render(request, "candidacy/withdrawn.html", {"inquiry": inquiry})
    context = {"inquiry": inquiry, "token": token, "has_email": bool(inquiry.contact.get("email"))}
    return render(request, "candidacy/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_for_copy(request: HttpRequest, token: str) -> HttpResponse:
    """Queue a copy to the e-mail address on record, unless one is pending or its link is still valid."""
    inquiry = inquiry_to_withdraw(token)
    if inquiry is None:
        return _unknown_link(request)
    if request.method == "POST":
        is_queued = services.request_copy(inquiry.pk)
        return redirect("ask-for-copy" if is_queued else "withdraw", token)
    if inquiry.is_withdrawn or not services.is_copy_pending(inquiry):
        return redirect("withdraw", token)
    return render(request, "candidacy/copy_asked.html", {"inquiry": inquiry, "token": token})


@require_safe
@never_cache
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """Show the patient's copy."""
    inquiry = inquiry_to_copy(token)
    if inquiry is None:
        return render(request, "candidacy/copy_unknown.html", status=404)
    data = patient_copy(inquiry, get_language())
    agreed_to = render_markdown(
        data.agreed_to, language=data.consent.language, default_language=settings.LANGUAGE_CODE
    ).html
    return render(request, "candidacy/copy.html", {"copy": data, "agreed_to": mark_safe(agreed_to), "token": token})


@require_safe
@never_cache
def copy_as_json(request: HttpRequest, token: str) -> HttpResponse:
    inquiry = inquiry_to_copy(token)
    if inquiry is None:
        return render(request, "candidacy/copy_unknown.html", status=404)
    data = patient_copy(inquiry, get_language()).as_json()
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = f'attachment; filename="{inquiry.reference}.json"'
    return response


@never_cache
def only_the_link(request: HttpRequest, page: str, token: str) -> HttpResponse:
    """Redirect to ``page`` from a link that a mail program extended by the characters after it."""
    return redirect(page, token)


def _unknown_link(request: HttpRequest) -> HttpResponse:
    return render(request, "candidacy/withdraw_unknown.html", status=404)
