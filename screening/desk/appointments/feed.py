"""The feed of appointments for a member of staff's calendar program: references and times, no name."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from screening.accounts import calendar_feeds, permissions
from screening.desk.appointments.week import visible_appointments
from screening.inquiries.calendar_files import calendar_feed

_KEPT = timedelta(days=30)  # what is over


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """By the token in the address alone, since a calendar program cannot sign in."""
    user = calendar_feeds.user_of_feed(token)
    if user is None or not permissions.may_open(user):
        raise Http404
    appointments = visible_appointments(user).booked().filter(starts_at__gt=timezone.now() - _KEPT)
    response = HttpResponse(calendar_feed(appointments), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    return response
