"""The patient's own page of an inquiry: where it stands, the conversation, and the code that opens it.

The link alone shows only the reference and a button that mails a code, which opens the session (`patient_session.py`).
"""

import unicodedata
from collections.abc import Callable, Mapping
from math import ceil
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crc_site.middleware.client_address import client_address
from screening.inquiries import patient_times, services
from screening.inquiries.message_forms import TEXT_FIELDS, OtherTimesForm, ReplyForm
from screening.inquiries.patient_links import withdraw_token
from screening.inquiries.patient_session import (
    TIMED_OUT,
    redirect_with_problem,
    requires_inquiry,
    session_access_id,
    session_of,
    set_session_cookie,
    unknown_link,
)
from screening.models import MAX_MESSAGE_LENGTH, Inquiry, PatientAccess, Status
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.views import with_retry_after

# Why the code page is shown again, as a query parameter, and the HTTP status of that page.
WRONG_CODE, TOO_MANY_CODES = "wrong-code", "too-many-codes"
CODE_PROBLEMS = {WRONG_CODE: 422, TOO_MANY_CODES: 429, TIMED_OUT: 403}
# Why a message was not sent; stored with its text. KEPT: another button than Send was pressed.
INVALID, TOO_MANY_REPLIES, CLOSED, KEPT = "invalid", "too-many-replies", "closed", "kept"
_CALL_TIME = next(one for one in QUESTIONNAIRE.step("contact").questions if one.key == services.CALL_TIME)


@require_http_methods(["GET", "HEAD"])
@never_cache
@requires_inquiry
def inquiry_page(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """The page; without a session, the page that asks for a code. Without an e-mail address it has no conversation."""
    if inquiry.is_withdrawn:
        return render(request, "candidacy/withdrawn.html", {"inquiry": inquiry})
    has_email = bool(inquiry.contact.get("email"))
    access, is_timed_out = session_of(request, inquiry)
    if has_email and (access is None or not access.is_open or is_timed_out):
        return _code_page(request, inquiry, token, access)
    if access is not None and access.is_open and request.method == "GET":
        services.mark_messages_read(inquiry)
    return _page(request, inquiry, token, access)


@require_POST
@never_cache
@requires_inquiry
def send_code(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """Mail a code to the address on record."""
    try:
        access = services.request_code(inquiry.pk, session_access_id(request), client_address(request))
    except services.TooManyCodes:
        return redirect_with_problem(token, TOO_MANY_CODES)
    except Inquiry.DoesNotExist:  # purged since it was looked up
        return unknown_link(request)
    response = redirect("inquiry", token)
    if access is not None:
        set_session_cookie(response, access)
    return response


@require_POST
@never_cache
@requires_inquiry
def enter_code(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """Open the session if the code is right."""
    access, _is_timed_out = session_of(request, inquiry)
    if access is None or not services.open_access(access, _digits(request.POST.get("code", ""))):
        return redirect_with_problem(token, WRONG_CODE)
    response = redirect("inquiry", token)
    set_session_cookie(response, access)
    return response


@require_POST
@never_cache
@requires_inquiry
def reply(request: HttpRequest, inquiry: Inquiry, token: str) -> HttpResponse:
    """Send the message, ask for another time to call, or show the page in another language, by the button pressed."""
    return receive_text(request, inquiry, token, ReplyForm(request.POST), services.receive_message)


def receive_text(
    request: HttpRequest, inquiry: Inquiry, token: str, form: ReplyForm, receive: Callable[[UUID, str, UUID], None]
) -> HttpResponse:
    """Hand what was typed to a service.

    A text that is not accepted is stored encrypted and shown again with the reason; one that was only typed, in this
    form or in the page's other one, too.
    """
    typed = {name: request.POST.get(name, "") for name in TEXT_FIELDS}
    access, is_timed_out = session_of(request, inquiry)
    if access is None or not access.is_open:  # nowhere to store the text, so this response shows it
        return _code_page(request, inquiry, token, None, unsent_text="\n\n".join(filter(None, typed.values())))
    problem = TIMED_OUT if is_timed_out else _perform(inquiry, request.POST, form, receive)
    if not problem:
        typed[form.add_prefix("text")] = ""
    is_kept = problem not in ("", KEPT) or any(text.strip() for text in typed.values())
    rejected = {name: text[: 2 * MAX_MESSAGE_LENGTH] for name, text in typed.items()}
    rejected |= {"problem": problem or KEPT, "form": form.name}
    services.save_rejected_input(access, rejected if is_kept else None)
    if problem == TIMED_OUT:
        return redirect_with_problem(token, TIMED_OUT)
    is_sent = not problem or (problem == KEPT and "reading" not in request.POST)
    response = redirect(reverse("inquiry", args=[token]) + (f"#{form.place}" if is_sent else ""))
    set_session_cookie(response, access)
    return response


def _perform(
    inquiry: Inquiry, data: Mapping[str, str], form: ReplyForm, receive: Callable[[UUID, str, UUID], None]
) -> str:
    """Do what the pressed button says; the reason why the typed text is not sent, or ""."""
    if "reading" in data:
        return KEPT
    message_id = uuid_or_new(data.get("message_id", ""))
    if "ask_call_time" in data:
        return _receive_call_time(inquiry, data.get(_CALL_TIME.key, ""), message_id) or KEPT
    if not form.is_valid():
        return INVALID
    return _refusal(lambda: receive(inquiry.pk, form.cleaned_data["text"], message_id))


def _receive_call_time(inquiry: Inquiry, value: str, message_id: UUID) -> str:
    """Nothing happens if the time is not offered, or is the one on record."""
    times, before = dict(_call_times(inquiry)), inquiry.contact.get(_CALL_TIME.key, "")
    if value not in times or value == before:
        return ""
    text = gettext("Please call me at another time: %(after)s. Before: %(before)s.") % {
        "after": times[value],
        "before": times.get(before, "–"),
    }
    return _refusal(lambda: services.receive_call_time(inquiry.pk, value, text, message_id))


def _call_times(inquiry: Inquiry) -> list[tuple[str, str]]:
    """The choices of the contact step; none without a phone number."""
    return [(one.value, str(one.label)) for one in _CALL_TIME.options] if inquiry.contact.get("phone") else []


def _refusal(receive: Callable[[], None]) -> str:
    """The reason why a service does not accept a message, or ""."""
    try:
        receive()
    except (services.InquiryClosed, services.IsWithdrawn):
        return CLOSED
    except services.TooManyReplies:
        return TOO_MANY_REPLIES
    return ""


def uuid_or_new(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _digits(text: str) -> str:
    """The digits of a typed code, in any script and with any separators."""
    return "".join(str(unicodedata.digit(char)) for char in text[:50] if unicodedata.digit(char, None) is not None)


def _form_with(form_class: type[ReplyForm], rejected: Mapping[str, str]) -> ReplyForm:
    """The form with what was typed in it, if anything; with its errors if it was to be sent."""
    filled = form_class(rejected)
    if rejected.get("form", ReplyForm.name) == form_class.name and rejected.get("problem", KEPT) != KEPT:
        return filled
    return form_class(initial={"text": filled["text"].value()})


def _page(request: HttpRequest, inquiry: Inquiry, token: str, access: PatientAccess | None) -> HttpResponse:
    rejected = (access.rejected_input if access else None) or {}
    is_kept = rejected.get("problem") == KEPT
    form, other_times = _form_with(ReplyForm, rejected), _form_with(OtherTimesForm, rejected)
    problem = "" if is_kept else rejected.get("problem", "") or patient_times.problem_of(request.GET.get("problem", ""))
    context = {
        "inquiry": inquiry,
        "token": token,
        "withdraw_token": withdraw_token(inquiry),
        "is_closed": inquiry.status == Status.CLOSED,
        "conversation": list(inquiry.messages.all()) if access else [],
        "may_write": access is not None,
        "times": patient_times.times_of(inquiry, access) if access else None,
        "form": other_times if other_times.is_bound else form,
        "reply": form,
        "other_times": other_times,
        "message_id": uuid4(),
        "call_times": _call_times(inquiry),
        "call_time": inquiry.contact.get(_CALL_TIME.key, ""),
        "problem": "" if problem == INVALID else problem,
    }
    status = 429 if problem == TOO_MANY_REPLIES else 422 if problem else 200
    response = render(request, "candidacy/inquiry.html", context, status=status)
    if access is not None:
        set_session_cookie(response, access)
    return response


def _code_page(
    request: HttpRequest, inquiry: Inquiry, token: str, access: PatientAccess | None, unsent_text: str = ""
) -> HttpResponse:
    problem = TIMED_OUT if unsent_text else request.GET.get("problem", "")
    problem = problem if problem in CODE_PROBLEMS else ""
    wait = services.seconds_until_code(inquiry, client_address(request)) if problem == TOO_MANY_CODES else 0
    context = {
        "inquiry": inquiry,
        "token": token,
        "wait_minutes": ceil(wait / 60),
        "is_code_pending": access is not None and access.is_pending,
        "problem": problem,
        "unsent_text": unsent_text,
        "has_unsent_text": access is not None and bool(access.rejected_input),
    }
    response = render(request, "candidacy/inquiry_code.html", context, status=CODE_PROBLEMS.get(problem, 200))
    return with_retry_after(response, wait) if wait else response
