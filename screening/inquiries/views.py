"""Check and send, the confirmation, and clearing the device."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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


@require_http_methods(["GET", "HEAD", "POST"])
@private
def check(request: HttpRequest) -> HttpResponse:
    draft_id = drafts.draft_id_from(request)
    if draft_id is None:
        return redirect("sent" if request.method == "POST" else "candidacy")
    if request.method == "POST":
        return _send(request, draft_id)
    return _check_page(request, draft_id)


def _send(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The redirect is the acknowledgement: it leaves after COMMIT, and a repeat gets the same one."""
    if request.POST.get(HONEYPOT):
        return _check_page(request, draft_id, "field-filled", status=422)
    try:
        services.submit(draft_id, get_language(), client_address(request))
    except services.IncompleteDraft:
        return redirect("resume")
    except services.SubmittedTooFast:
        return _check_page(request, draft_id, "too-soon", status=422)
    except rate_limits.RateLimited as refused:
        return too_many(_check_page(request, draft_id, "too-many", 429, refused.minutes), refused)
    return redirect("sent")


def _check_page(
    request: HttpRequest, draft_id: UUID, problem: str = "", status: int = 200, wait_minutes: int = 0
) -> HttpResponse:
    """The answers so far; ``problem`` names what kept them from being sent, as the template words it."""
    draft = drafts.find_draft(draft_id)
    if draft is None:
        return redirect("sent")
    if flow.first_unanswered(QUESTIONNAIRE, draft.answers):
        return redirect("resume")
    _digest, content = wording_versions.current_wording()
    context = {
        "sections": answer_text.answer_sections(content[get_language()], draft.answers),
        "meant_perhaps": email_typos.suggested_address(draft.answers["email"]),
        "honeypot": HONEYPOT,
        "problem": problem,
        "wait_minutes": wait_minutes,
    }
    return render(request, "candidacy/check.html", context, status=status)


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
    """Clear this device: the unfinished answers are erased, the cookies go, and a copy of them opens nothing."""
    if request.method != "POST":
        return redirect("candidacy")
    draft_id = drafts.draft_id_from(request)
    drafts.erase_draft(draft_id)
    services.unlink_device(draft_id)  # afterwards, since a Send may have come in between
    response = render(request, "candidacy/cleared.html")
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
