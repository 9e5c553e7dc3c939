"""Check and send, the confirmation, and taking it back."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from screening.inquiries import records
from screening.inquiries.tokens import inquiry_of, withdraw_token
from screening.models import Inquiry
from screening.questionnaire import drafts, flow, readback, wording
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.views import private

ANSWERS_SHOWN_FOR = timedelta(minutes=30)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def check(request: HttpRequest) -> HttpResponse:
    draft_id = drafts.named_by(request)
    if draft_id is None:
        return redirect("candidacy")
    if request.method == "POST":
        return _send(draft_id)
    draft = drafts.find(draft_id)
    if draft is None:
        return redirect("sent")
    if flow.first_unanswered(QUESTIONNAIRE, draft.answers):
        return redirect("resume")
    _digest, content = wording.current()
    return render(
        request, "candidacy/check.html", {"sections": readback.sections(content[get_language()], draft.answers)}
    )


def _send(draft_id) -> HttpResponse:
    """The redirect is the acknowledgement: it leaves after COMMIT, and a repeat gets the same one."""
    try:
        records.submit(draft_id, get_language())
    except records.Incomplete:
        return redirect("resume")
    return redirect("sent")


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
    content = inquiry.wording.content[get_language()]
    context = {
        "inquiry": inquiry,
        "sections": readback.sections(content, {**inquiry.answers, **inquiry.contact}),
    }
    return render(request, "candidacy/sent_answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Says what will happen, and on POST does it. Never shows an answer."""
    inquiry = inquiry_of(token)
    if inquiry is None:
        return render(request, "candidacy/withdraw_unknown.html", status=404)
    if request.method == "POST":
        records.withdraw(inquiry.pk)
        inquiry.refresh_from_db()
    template = "candidacy/withdrawn.html" if inquiry.is_withdrawn else "candidacy/withdraw.html"
    return render(request, template, {"inquiry": inquiry})


def _just_sent(request: HttpRequest) -> Inquiry | None:
    """The inquiry that this device has sent within the cookie's 24 hours."""
    draft_id = drafts.named_by(request)
    return Inquiry.objects.filter(draft_id=draft_id).first() if draft_id else None


def _nothing_sent(request: HttpRequest) -> HttpResponse:
    """The answers are unfinished still, or their 24 hours are over."""
    if drafts.find(drafts.named_by(request)):
        return redirect("resume")
    response = render(request, "candidacy/expired.html")
    drafts.forget(response)
    return response


def _may_show_answers(inquiry: Inquiry) -> bool:
    return timezone.now() - inquiry.received_at < ANSWERS_SHOWN_FOR
