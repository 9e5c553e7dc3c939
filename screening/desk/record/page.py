"""What the pages about one inquiry have in common: who may open them, how they look when it cannot be shown."""

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


def inquiry_view(*methods: str, may: Callable = permissions.may_open):
    """A view of one inquiry, for members of staff who ``may``: it takes desk, request and the inquiry.

    ``methods`` leaves out HEAD, which would leave an event that nobody read.
    """

    def decorate(view: Any):
        @wraps(view)
        def guarded(desk: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not (permissions.may_open(request.user) and may(request.user)):
                raise PermissionDenied
            inquiry = desk.get_object(request, str(object_id))
            try:
                return view(desk, request, inquiry) if inquiry else _missing(desk, request, object_id)
            except Inquiry.DoesNotExist:  # erased a moment ago
                return _missing(desk, request, object_id)
            except DecryptionError as error:
                _log.error("record cannot be opened", exc_info=error, extra={"reference": inquiry.reference})
                return undecryptable_page(desk, request, inquiry)

        return guarded

    return decorate


def render_page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, name: str, status: int = 200, **context: Any):
    """A page about the inquiry, from the template of this name; nobody keeps a copy of it."""
    now = timezone.now()
    events = permissions.visible_events(inquiry.events.select_related("actor").reverse(), request.user)
    context = {
        **desk.admin_site.each_context(request),
        "title": inquiry.reference,
        "opts": desk.opts,
        "inquiry": inquiry,
        "here": request.get_full_path(),
        "record": _address(request, inquiry),
        "neighbours": neighbours_in_list(inquiry, request.GET, request.user, now),
        "said": list(messages.get_messages(request)),
        "status_in_words": status_label(inquiry),
        "written_in": language_name(inquiry.language),
        "promise": reply_deadline(inquiry, now),
        "may_work": permissions.may_edit(request.user) and not inquiry.is_withdrawn,
        "may_assign_others": permissions.may_assign_others(request.user),
        "may_export": permissions.may_export(request.user),
        "events": merge_repeats(timeline(inquiry, events)),
        **context,
    }
    response = TemplateResponse(request, f"admin/screening/inquiry/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response.render()  # now, so that a broken seal is met where it is caught


def undecryptable_page(
    desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, rejected: RejectedForm | None = None
) -> HttpResponse:
    """The record cannot be read. Who has it and where it stands are no secrets, and may be changed all the same."""
    version, inquiry = reload(inquiry)
    context = {
        "version": rejected.version if rejected else version,
        "rejected": rejected,
        "forms": forms_for(inquiry, request.user, AVAILABLE_UNDECRYPTED, rejected),
        "undo": undo_offer(inquiry, request.user),
    }
    return render_page(desk, request, inquiry, "undecryptable", 500, **context)


def undo_offer(inquiry: Inquiry, by: User) -> dict | None:
    """The move that this member of staff may take back, in words, and until when."""
    move = services.undoable_move(inquiry, by)
    return move and {"move": timeline(inquiry, [move])[0], "until": move.at + services.UNDO_WINDOW}


def redirect_to_record(request: HttpRequest, inquiry: Inquiry, done: ActionResult) -> HttpResponse:
    """What was done is said where it was done, and the page opens there."""
    level = messages.ERROR if done.is_refused else messages.SUCCESS
    messages.add_message(request, level, done.said, extra_tags=done.place)
    return HttpResponseRedirect(f"{_address(request, inquiry)}#said")


def _address(request: HttpRequest, inquiry: Inquiry) -> str:
    """The record's, with what says from which list it was opened."""
    query = request.META["QUERY_STRING"]
    address = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    return f"{address}?{query}" if query else address


def _missing(desk: ModelAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    return desk._get_obj_does_not_exist_redirect(request, desk.opts, str(object_id))
