"""Shared by all pages of one inquiry: permission check, rendering, the page for one that cannot be decrypted."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from screening.accounts import permissions
from screening.desk.inbox.neighbours import neighbours_in_list
from screening.desk.presenters import language_name, reply_deadline, status_label
from screening.desk.record.actions import AVAILABLE_UNDECRYPTED, ActionResult
from screening.desk.record.submissions import RejectedForm, forms_for
from screening.desk.record.timeline import merge_repeats, timeline
from screening.desk.record.version import reload
from screening.inquiries import services
from screening.models import Inquiry
from screening.privacy.encryption import DecryptionError

_log = logging.getLogger("crc.desk")


InquiryView = Callable[[ModelAdmin, HttpRequest, Inquiry], HttpResponse]
AdminView = Callable[[ModelAdmin, HttpRequest, str], HttpResponse]


def inquiry_view(
    *methods: str, may: Callable[[User], bool] = permissions.may_open
) -> Callable[[InquiryView], AdminView]:
    """Decorator of a view of one inquiry: loads the inquiry, and requires `may_open` and ``may`` of the user.

    ``methods`` are the HTTP methods allowed. HEAD is never among them: it would record an opening that nobody read.
    """

    def decorate(view: InquiryView) -> AdminView:
        @wraps(view)
        def guarded(desk: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            user = permissions.staff_user(request)
            if not (permissions.may_open(user) and may(user)):
                raise PermissionDenied
            inquiry: Inquiry | None = desk.get_object(request, str(object_id))
            if inquiry is None:
                return missing_page(desk, request, object_id)
            try:
                return view(desk, request, inquiry)
            except Inquiry.DoesNotExist:  # erased since it was loaded
                return missing_page(desk, request, object_id)
            except DecryptionError as error:
                _log.error("record cannot be opened", exc_info=error, extra={"reference": inquiry.reference})
                return undecryptable_page(desk, request, inquiry)

        return guarded

    return decorate


def render_page(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, name: str, status: int = 200, **context: Any
) -> HttpResponse:
    """The template ``admin/screening/inquiry/<name>.html`` about an inquiry. Raises DecryptionError."""
    now, user = timezone.now(), permissions.staff_user(request)
    events = permissions.visible_events(inquiry.events.select_related("actor").reverse(), user)
    context = {
        **desk.admin_site.each_context(request),
        "title": inquiry.reference,
        "opts": desk.opts,
        "inquiry": inquiry,
        "here": request.get_full_path(),
        "record": _address(request, inquiry),
        "neighbours": neighbours_in_list(inquiry, request.GET, user, now),
        "said": (said := list(messages.get_messages(request))),
        "said_at": {message.extra_tags for message in said},
        "status_in_words": status_label(inquiry),
        "written_in": language_name(inquiry.language),
        "promise": reply_deadline(inquiry, now),
        "may_work": permissions.may_edit(user) and not inquiry.is_withdrawn,
        "may_assign_others": permissions.may_assign_others(user),
        "may_export": permissions.may_export(user),
        "events": merge_repeats(timeline(inquiry, events)),
        **context,
    }
    response = TemplateResponse(request, f"admin/screening/inquiry/{name}.html", context, status=status)
    response.render()  # here, so that the caller can catch DecryptionError
    return response


def undecryptable_page(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, rejected: RejectedForm | None = None
) -> HttpResponse:
    """The page of a record that cannot be decrypted. Its assignee and status can still be changed."""
    user = permissions.staff_user(request)
    version, inquiry = reload(inquiry)
    context = {
        "version": rejected.version if rejected else version,
        "rejected": rejected,
        "forms": forms_for(inquiry, user, AVAILABLE_UNDECRYPTED, rejected),
        "undo": undo_offer(inquiry, user),
    }
    return render_page(desk, request, inquiry, "undecryptable", 500, **context)


def undo_offer(inquiry: Inquiry, by: User) -> dict[str, Any] | None:
    """The status change that ``by`` may undo, and until when; None if there is none."""
    move = services.undoable_move(inquiry, by)
    return {"move": timeline(inquiry, [move])[0], "until": move.at + services.UNDO_WINDOW} if move else None


def redirect_to_record(request: HttpRequest, inquiry: Inquiry, done: ActionResult) -> HttpResponse:
    """Redirect with a message, which the page shows at the form that was submitted and scrolls to."""
    level = messages.ERROR if done.is_refused else messages.SUCCESS
    messages.add_message(request, level, done.message, extra_tags=done.place)
    return HttpResponseRedirect(f"{_address(request, inquiry)}#said")


def _address(request: HttpRequest, inquiry: Inquiry) -> str:
    """The record's URL, with the query string of the list from which it was opened."""
    query = request.META["QUERY_STRING"]
    address = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    return f"{address}?{query}" if query else address


def missing_page(desk: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Django's own answer to an object that does not exist: a redirect to the admin's front page, with a message."""
    redirect: HttpResponse = desk._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined]  # not in the stubs
        request, desk.opts, str(object_id)
    )
    return redirect
