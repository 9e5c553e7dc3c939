"""What the pages about one inquiry have in common: who may open them, how they look when it cannot be shown."""

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from screening.desk import rights
from screening.desk.actions import WITHOUT_ITS_SEAL, Done
from screening.desk.around import around
from screening.desk.attempts import Attempt, forms_for
from screening.desk.happenings import repeats_as_one, told
from screening.desk.seen import as_it_stands
from screening.desk.standing import language_name, promise_of, status_in_words
from screening.inquiries import records
from screening.inquiries.sealed import SealBroken
from screening.models import Inquiry

_log = logging.getLogger("crc.desk")


def of_an_inquiry(*methods: str, may: Callable = rights.may_open):
    """A view of one inquiry, for members of staff who ``may``: it takes desk, request and the inquiry.

    ``methods`` leaves out HEAD, which would leave an event that nobody read.
    """

    def decorate(view):
        @wraps(view)
        def guarded(desk: ModelAdmin, request: HttpRequest, object_id) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if not (rights.may_open(request.user) and may(request.user)):
                raise PermissionDenied
            inquiry = desk.get_object(request, str(object_id))
            try:
                return view(desk, request, inquiry) if inquiry else _gone(desk, request, object_id)
            except Inquiry.DoesNotExist:  # erased a moment ago
                return _gone(desk, request, object_id)
            except SealBroken as error:
                _log.error("record cannot be opened", exc_info=error, extra={"reference": inquiry.reference})
                return sealed(desk, request, inquiry)

        return guarded

    return decorate


def page(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, name: str, status: int = 200, **context):
    """A page about the inquiry, from the template of this name; nobody keeps a copy of it."""
    now = timezone.now()
    events = rights.visible_events(inquiry.events.select_related("actor").reverse(), request.user)
    context = {
        **desk.admin_site.each_context(request),
        "title": inquiry.reference,
        "opts": desk.opts,
        "inquiry": inquiry,
        "here": request.get_full_path(),
        "record": _address(request, inquiry),
        "around": around(inquiry, request.GET, request.user, now),
        "said": list(messages.get_messages(request)),
        "status_in_words": status_in_words(inquiry),
        "written_in": language_name(inquiry.language),
        "promise": promise_of(inquiry, now),
        "may_work": rights.may_work(request.user) and not inquiry.is_withdrawn,
        "may_assign_others": rights.may_assign_others(request.user),
        "may_export": rights.may_export(request.user),
        "events": repeats_as_one(told(inquiry, events)),
        **context,
    }
    response = TemplateResponse(request, f"admin/screening/inquiry/{name}.html", context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response.render()  # now, so that a broken seal is met where it is caught


def sealed(desk: ModelAdmin, request: HttpRequest, inquiry: Inquiry, attempt: Attempt | None = None) -> HttpResponse:
    """The record cannot be read. Who has it and where it stands are no secrets, and may be changed all the same."""
    seen, inquiry = as_it_stands(inquiry)
    context = {
        "seen": attempt.seen if attempt else seen,
        "attempt": attempt,
        "forms": forms_for(inquiry, request.user, WITHOUT_ITS_SEAL, attempt),
        "undo": undo_of(inquiry, request.user),
    }
    return page(desk, request, inquiry, "sealed", 500, **context)


def undo_of(inquiry: Inquiry, by) -> dict | None:
    """The move that this member of staff may take back, in words, and until when."""
    move = records.undoable(inquiry, by)
    return move and {"move": told(inquiry, [move])[0], "until": move.at + records.UNDO_WITHIN}


def back_to_the_record(request: HttpRequest, inquiry: Inquiry, done: Done) -> HttpResponse:
    """What was done is said where it was done, and the page opens there."""
    level = messages.ERROR if done.is_refused else messages.SUCCESS
    messages.add_message(request, level, done.said, extra_tags=done.place)
    return HttpResponseRedirect(f"{_address(request, inquiry)}#said")


def _address(request: HttpRequest, inquiry: Inquiry) -> str:
    """The record's, with what says from which list it was opened."""
    query = request.META["QUERY_STRING"]
    address = reverse("admin:screening_inquiry_change", args=[inquiry.pk])
    return f"{address}?{query}" if query else address


def _gone(desk: ModelAdmin, request: HttpRequest, object_id) -> HttpResponse:
    return desk._get_obj_does_not_exist_redirect(request, desk.opts, str(object_id))
