"""Functions that build test data; every value is invented."""

from datetime import UTC, timedelta

from django.contrib.auth.models import User
from django.core import signing
from django.utils import timezone

from screening.inquiries import business_days, services
from screening.management.demo_data import complete
from screening.models import Appointment, Draft, Inquiry
from screening.questionnaire import drafts, wording_versions

RA = {
    "ra-symptoms": "yes",
    "ra-medicine-changed": "yes",
    "ra-keep-medicine": "yes",
    "ra-rheumatologist": "often",
    "ra-other-health": "no",
}
OA = {
    "oa-joints": ["knee"],
    "oa-severity": "moderate",
    "oa-pain-with-use": "yes",
    "oa-imaging": "yes",
    "oa-joint-shape": ["none"],
    "oa-rehab": "yes",
}
BRANCHES = {"ra": RA, "oa": OA, "both": RA | OA}

CONTACT = {
    "name": "Ana Pérez",
    "email": "ana@example.com",
    "phone": "+16195550100",
    "channel": "email",
    "best-time": "any",
    "leave-message": "yes",
    "language": "en",
}


def answers(condition: str = "ra", **changed) -> dict:
    """Return complete answers; ``changed`` uses underscores for dashes, and None removes a key.

    Questions that are not listed here get their first option.
    """
    replaced = {key.replace("_", "-"): value for key, value in changed.items()}
    made = {
        "who": "self",
        "adult": "yes",
        "consent": "yes",
        "condition": condition,
        **BRANCHES.get(condition, {}),
        "infection": "no",
        "goals": ["less-pain"],
        "anything-else": "",
        **CONTACT,
    }
    made = complete(made) | replaced
    return {key: value for key, value in made.items() if value is not None}


def draft(condition: str = "ra", **changed) -> Draft:
    """Create a finished draft that was begun a minute ago."""
    begun = drafts.save_answers(None, answers(condition, **changed), wording_versions.consent_version("en"))
    begun.started_at -= timedelta(minutes=1)
    begun.save()
    return begun


def draft_cookie(saved: Draft) -> str:
    """The value of the cookie of its visitor."""
    return signing.TimestampSigner(salt=drafts._SALT).sign(saved.pk)


def inquiry(condition: str = "ra", **changed) -> Inquiry:
    return services.submit(draft(condition, **changed).pk, "en")


def upcoming(
    days: int, *, minutes: int = 30, kind: str = "call", link: str = "", after: timedelta = timedelta(0)
) -> services.Time:
    """10:00 at the clinic, ``days`` days from today, or ``after`` that."""
    starts_at = business_days.start_of_day(timezone.now() + timedelta(days=days)) + timedelta(hours=10) + after
    return services.Time(starts_at.astimezone(UTC), minutes, kind, link)


def offer(made: Inquiry, by: User, time: services.Time | None = None) -> Appointment:
    """A time that ``by`` offers, by default in two days."""
    return services.offer_times(made, [time or upcoming(2)], by)[0]
