"""Deletes expired sessions, failed sign-ins enrolment links, and passkeys of links that were not used."""

from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session

from screening.accounts.models import LINK_LIFETIME, Enrolment, Passkey


def delete_expired(now: datetime) -> dict[str, int]:
    """Delete what has expired; returns counts by log event."""
    sessions = Session.objects.filter(expire_date__lt=now)
    failures = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME)
    links = Enrolment.objects.filter(made_at__lt=now - LINK_LIFETIME)
    unfinished = Passkey.objects.filter(confirmed=False, created_at__lt=now - LINK_LIFETIME)
    return {
        "unfinished passkeys erased": unfinished.delete()[0],
        "ended sessions erased": sessions.delete()[0],
        "failed sign-ins erased": failures.delete()[0],
        "unused links erased": links.delete()[0],
    }
