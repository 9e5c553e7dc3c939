"""The week's appointments, to look at and to print, and the address of the same for a calendar program."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.accounts import calendar_feeds, permissions
from screening.accounts.audit_trail import AccountEvent, log_once_a_day
from screening.inquiries import clinic_time
from screening.models import Appointment, AppointmentQuerySet, Inquiry
from screening.privacy.encryption import DecryptionError

_SHOWN = (*Appointment.BOOKED, Appointment.State.NO_SHOW)
_A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    appointment: Appointment
    hour: str
    until: str
    name: str
    address: str


@dataclass(frozen=True)
class Day:
    label: str
    rows: list[Row]


def week_page(request: HttpRequest) -> HttpResponse:
    """The week of ``?week=``, a date; by default this one. That names were shown is logged once a day."""
    user = permissions.staff_user(request)
    if not permissions.may_open(user):
        raise PermissionDenied
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    this_week = clinic_time.start_of_week(clinic_time.local(timezone.now()).date())
    monday = _monday(request.GET.get("week", "")) or this_week
    days = list(_days(visible_appointments(user).filter(state__in=_SHOWN), monday))
    if days:
        log_once_a_day(AccountEvent.APPOINTMENTS_SHOWN, user)
    context = {
        **admin.site.each_context(request),
        "title": _("Appointments"),
        "days": days,
        "first": monday,
        "last": monday + timedelta(days=6),
        "previous": (monday - _A_WEEK).isoformat(),
        "next": (monday + _A_WEEK).isoformat(),
        "is_this_week": monday == this_week,
        "clinic_zone": clinic_time.zone_in_words(_midnight(monday)),
        "feed": calendar_feeds.feed_of(user),
    }
    return TemplateResponse(request, "admin/screening/appointments/week.html", context)


def calendar_address(request: HttpRequest) -> HttpResponse:
    """On POST, make the address of one's own feed and show it, once, or end it."""
    user = permissions.staff_user(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not permissions.may_open(user):
        raise PermissionDenied
    if request.POST.get("do") == "make":
        context = {
            **admin.site.each_context(request),
            "title": _("Address for your calendar program"),
            "secret": calendar_feeds.make_feed(user),
            "back": reverse("admin:screening_appointments"),
        }
        return TemplateResponse(request, "admin/screening/appointments/address.html", context)
    if request.POST.get("do") == "end":
        calendar_feeds.end_feed(user)
        messages.success(request, _("The address has ended. Your calendar program gets nothing any more."))
    return HttpResponseRedirect(reverse("admin:screening_appointments"))


def visible_appointments(user: User) -> AppointmentQuerySet:
    """Those of the inquiries that the user may see."""
    inquiries = permissions.visible_inquiries(Inquiry.objects.all(), user)
    return Appointment.objects.filter(inquiry__in=inquiries).select_related("inquiry")


def _monday(text: str) -> date | None:
    """The Monday of the week of a date; None if there is no text. Raises Http404 if it is no date of our time."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not 2000 <= day.year < 2200:
        raise Http404
    return clinic_time.start_of_week(day)


def _midnight(day: date) -> datetime:
    return clinic_time.to_utc(day, time.min, second_time=False)


def _days(appointments: AppointmentQuerySet, monday: date) -> Iterator[Day]:
    week = appointments.starting_in(_midnight(monday), _midnight(monday + _A_WEEK)).order_by("starts_at", "pk")
    for day, rows in groupby(week, lambda one: clinic_time.local(one.starts_at).date()):
        yield Day(date_format(day, _("l, F j, Y")), [_row(one) for one in rows])


def _row(one: Appointment) -> Row:
    return Row(
        one,
        clinic_time.hour_in_words(one.starts_at),
        clinic_time.hour_in_words(one.ends_at),
        _name(one.inquiry),
        reverse("admin:screening_inquiry_change", args=[one.inquiry_id]),
    )


def _name(inquiry: Inquiry) -> str:
    try:
        return str((inquiry.contact or {}).get("name") or "–")
    except DecryptionError:
        return _("cannot be opened")
