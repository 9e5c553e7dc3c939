"""Staff's sessions end after 30 minutes without a request, and 10 hours after sign-in."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from crc_site.middleware.languages import is_for_staff

# In seconds.
IDLE_TIMEOUT = 30 * 60
ABSOLUTE_TIMEOUT = 10 * 60 * 60
# The time of the last request is stored at most once a minute; an idle session may end that much earlier.
ACTIVITY_RESOLUTION = 60

_SIGNED_IN, _LAST_SEEN = "signed_in_at", "seen_at"
SESSION_ENDED = "session_ended"  # the request's attribute with the reason


@receiver(user_logged_in)
def start_session_clock(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[_SIGNED_IN] = request.session[_LAST_SEEN] = int(time.time())


def session_timeout(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware for staff pages: ``request.session_ended`` is ``idle`` or ``day`` if the session just ended."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_for_staff(request.path) and SESSION_KEY in request.session:
            ended = _timeout_reason(request.session)
            setattr(request, SESSION_ENDED, ended)
            if ended:
                logout(request)
            elif time.time() - request.session[_LAST_SEEN] >= ACTIVITY_RESOLUTION:
                request.session[_LAST_SEEN] = int(time.time())
        return get_response(request)

    return middleware


def _timeout_reason(session: SessionBase) -> str | None:
    now = time.time()
    if now - session.get(_SIGNED_IN, 0) >= ABSOLUTE_TIMEOUT:
        return "day"
    return "idle" if now - session.get(_LAST_SEEN, 0) >= IDLE_TIMEOUT else None
