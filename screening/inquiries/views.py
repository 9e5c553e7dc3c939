"""Views of the check page with Send, the confirmation, and clearing the device."""

from datetime import timedelta
from math import ceil
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crc_site.middleware.client_address import client_address
from screening.inquiries import services
from screening.inquiries.patient_links import page_token, withdraw_token
from screening.inquiries.patient_session import delete_session_cookie, session_access_id
from screening.models import Inquiry
from screening.questionnaire import answer_text, drafts, email_typos, flow, rate_limits, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.views import with_retry_after

ANSWERS_SHOWN_FOR = timedelta(minutes=30)
HONEYPOT = "website"  # a field that is hidden from people; bots fill it
ANSWERS_SHOWN = "answers"  # a hidden field with the token of the answers on the check page

# Why a Send was rejected, as a query parameter of the check page, and the HTTP status of that page.
FIELD_FILLED, CHANGED, TOO_SOON, TOO_MANY = "field-filled", "changed", "too-soon", "too-many"
PROBLEMS = {FIELD_FILLED: 422, CHANGED: 422, TOO_SOON: 422, TOO_MANY: 429}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """The answers so far, and Send. A rejected Send redirects here; ``?problem=`` says why."""
    draft_id = drafts.draft_id_from(request)
    if draft_id is None:
        return redirect("sent" if request.method == "POST" else "candidacy")
    if request.method == "POST":
        return _send(request, draft_id)
    return _check_page(request, draft_id, request.GET.get("problem", ""))


def _send(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Submit the draft. The redirect acknowledges it: it is sent after COMMIT, and a repeat gets the same one."""
    if request.POST.get(HONEYPOT):
        return _redirect_with_problem(FIELD_FILLED)
    try:
        services.submit(draft_id, get_language(), client_address(request), request.POST.get(ANSWERS_SHOWN))
    except services.IncompleteDraft:
        return redirect("resume")
    except services.AnswersChanged:
        return _redirect_with_problem(CHANGED)
    except services.SubmittedTooFast:
        return _redirect_with_problem(TOO_SOON)
    except rate_limits.RateLimited:
        return _redirect_with_problem(TOO_MANY)
    return redirect("sent")


def _redirect_with_problem(problem: str) -> HttpResponse:
    return redirect(f"{reverse('check')}?{urlencode({'problem': problem})}")


def _check_page(request: HttpRequest, draft_id: UUID, problem: str) -> HttpResponse:
    """``problem`` is a key of PROBLEMS; anything else is ignored."""
    draft = drafts.find_draft(draft_id)
    if draft is None:
        return redirect("sent")
    if flow.first_unanswered(QUESTIONNAIRE, draft.answers):
        return redirect("resume")
    seconds = rate_limits.seconds_until_free(rate_limits.SENDS, client_address(request)) if problem == TOO_MANY else 0
    if problem not in PROBLEMS or (problem == TOO_MANY and not seconds):
        problem = ""
    _digest, content = wording_versions.current_wording()
    context = {
        "sections": answer_text.answer_sections(content[get_language()], draft.answers),
        "meant_perhaps": email_typos.suggested_address(draft.answers["email"]),
        "honeypot": HONEYPOT,
        "answers_token": drafts.answers_token(draft),
        "problem": problem,
        "wait_minutes": ceil(seconds / 60),
    }
    response = render(request, "candidacy/check.html", context, status=PROBLEMS.get(problem, 200))
    return with_retry_after(response, seconds) if seconds else response


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    inquiry = _sent_inquiry(request)
    if inquiry is None:
        return _resume_or_expired(request)
    if inquiry.is_withdrawn:
        return render(request, "candidacy/withdrawn.html", {"inquiry": inquiry})
    context = {
        "inquiry": inquiry,
        "page_token": page_token(inquiry),
        "withdraw_token": withdraw_token(inquiry),
        "may_show_answers": _may_show_answers(inquiry),
    }
    return render(request, "candidacy/sent.html", context)


@require_safe
@never_cache
def sent_answers(request: HttpRequest) -> HttpResponse:
    """The answers to print, for ANSWERS_SHOWN_FOR only, since the device may be shared."""
    inquiry = _sent_inquiry(request)
    if inquiry is None or inquiry.is_withdrawn or not _may_show_answers(inquiry):
        return redirect("sent")
    content = inquiry.wording.content.get(get_language()) or inquiry.wording.content[inquiry.language]
    context = {
        "inquiry": inquiry,
        "sections": answer_text.answer_sections(content, {**inquiry.answers, **inquiry.contact}),
    }
    return render(request, "candidacy/sent_answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def clear(request: HttpRequest) -> HttpResponse:
    """Erase the draft, delete the cookies, and make copies of the cookies useless.

    POST redirects to this view, which without the site's cookies renders the confirmation.
    """
    if request.method != "POST":
        ours = {settings.DRAFT_COOKIE_NAME, settings.INQUIRY_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
        is_clear = not ours & set(request.COOKIES)
        return render(request, "candidacy/cleared.html") if is_clear else redirect("candidacy")
    draft_id = drafts.draft_id_from(request)
    drafts.erase_draft(draft_id)
    services.unlink_device(draft_id)  # after erase_draft, since a Send may have taken the draft before it
    services.end_access(session_access_id(request))
    response = redirect("clear")
    delete_session_cookie(response)
    drafts.delete_draft_cookie(response)
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite=settings.CSRF_COOKIE_SAMESITE)
    return response


def _sent_inquiry(request: HttpRequest) -> Inquiry | None:
    """The inquiry that this device sent, while the draft cookie is valid (24 hours)."""
    draft_id = drafts.draft_id_from(request)
    return Inquiry.objects.filter(draft_id=draft_id).first() if draft_id else None


def _resume_or_expired(request: HttpRequest) -> HttpResponse:
    """Resume an unfinished draft, or say that it has expired."""
    if drafts.find_draft(drafts.draft_id_from(request)):
        return redirect("resume")
    response = render(request, "candidacy/expired.html")
    drafts.delete_draft_cookie(response)
    return response


def _may_show_answers(inquiry: Inquiry) -> bool:
    return timezone.now() - inquiry.received_at < ANSWERS_SHOWN_FOR
