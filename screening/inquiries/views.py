"""Check and send, the confirmation, and clearing the device."""

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
from django.views.decorators.http import require_http_methods, require_safe

from crc_site.middleware.client_address import client_address
from screening.inquiries import services
from screening.inquiries.patient_links import withdraw_token
from screening.models import Inquiry
from screening.questionnaire import answer_text, drafts, email_typos, flow, rate_limits, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.views import private, too_many

ANSWERS_SHOWN_FOR = timedelta(minutes=30)
HONEYPOT = "website"  # a field that people do not see, and that programs like to fill
ANSWERS_SHOWN = "answers"  # a hidden field that names the answers which the check page showed

# What may keep answers from being sent, as the address names it, with the status of the page that says so.
FIELD_FILLED, CHANGED, TOO_SOON, TOO_MANY = "field-filled", "changed", "too-soon", "too-many"
PROBLEMS = {FIELD_FILLED: 422, CHANGED: 422, TOO_SOON: 422, TOO_MANY: 429}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def check(request: HttpRequest) -> HttpResponse:
    """The answers so far, and Send. What keeps them from being sent stands in the address, and is shown by a GET."""
    draft_id = drafts.draft_id_from(request)
    if draft_id is None:
        return redirect("sent" if request.method == "POST" else "candidacy")
    if request.method == "POST":
        return _send(request, draft_id)
    return _check_page(request, draft_id, request.GET.get("problem", ""))


def _send(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The redirect is the acknowledgement: it leaves after COMMIT, and a repeat gets the same one."""
    if request.POST.get(HONEYPOT):
        return _not_sent(FIELD_FILLED)
    try:
        services.submit(draft_id, get_language(), client_address(request), request.POST.get(ANSWERS_SHOWN))
    except services.IncompleteDraft:
        return redirect("resume")
    except services.AnswersChanged:
        return _not_sent(CHANGED)
    except services.SubmittedTooFast:
        return _not_sent(TOO_SOON)
    except rate_limits.RateLimited:
        return _not_sent(TOO_MANY)
    return redirect("sent")


def _not_sent(problem: str) -> HttpResponse:
    return redirect(f"{reverse('check')}?{urlencode({'problem': problem})}")


def _check_page(request: HttpRequest, draft_id: UUID, problem: str) -> HttpResponse:
    """``problem`` names what kept the answers from being sent, as the template words it."""
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
    return too_many(response, seconds) if seconds else response


@require_safe
@private
def sent(request: HttpRequest) -> HttpResponse:
    inquiry = _just_sent(request)
    if inquiry is None:
        return _nothing_sent(request)
    if inquiry.is_withdrawn:
        return render(request, "candidacy/withdrawn.html", {"inquiry": inquiry})
    context = {
        "inquiry": inquiry,
        "withdraw_token": withdraw_token(inquiry),
        "may_show_answers": _may_show_answers(inquiry),
    }
    return render(request, "candidacy/sent.html", context)


@require_safe
@private
def sent_answers(request: HttpRequest) -> HttpResponse:
    """The answers once more, to print; for half an hour, since the device may be shared."""
    inquiry = _just_sent(request)
    if inquiry is None or inquiry.is_withdrawn or not _may_show_answers(inquiry):
        return redirect("sent")
    content = inquiry.wording.content.get(get_language()) or inquiry.wording.content[inquiry.language]
    context = {
        "inquiry": inquiry,
        "sections": answer_text.answer_sections(content, {**inquiry.answers, **inquiry.contact}),
    }
    return render(request, "candidacy/sent_answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def clear(request: HttpRequest) -> HttpResponse:
    """Clear this device: the unfinished answers are erased, the cookies go, and a copy of them opens nothing.

    The redirect leads back here; a device without the site's cookies is told that it is clear.
    """
    if request.method != "POST":
        is_clear = not {settings.DRAFT_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & set(request.COOKIES)
        return render(request, "candidacy/cleared.html") if is_clear else redirect("candidacy")
    draft_id = drafts.draft_id_from(request)
    drafts.erase_draft(draft_id)
    services.unlink_device(draft_id)  # afterwards, since a Send may have come in between
    response = redirect("clear")
    drafts.delete_draft_cookie(response)
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite=settings.CSRF_COOKIE_SAMESITE)
    return response


def _just_sent(request: HttpRequest) -> Inquiry | None:
    """The inquiry that this device has sent within the cookie's 24 hours."""
    draft_id = drafts.draft_id_from(request)
    return Inquiry.objects.filter(draft_id=draft_id).first() if draft_id else None


def _nothing_sent(request: HttpRequest) -> HttpResponse:
    """The answers are unfinished still, or their 24 hours are over."""
    if drafts.find_draft(drafts.draft_id_from(request)):
        return redirect("resume")
    response = render(request, "candidacy/expired.html")
    drafts.delete_draft_cookie(response)
    return response


def _may_show_answers(inquiry: Inquiry) -> bool:
    return timezone.now() - inquiry.received_at < ANSWERS_SHOWN_FOR
