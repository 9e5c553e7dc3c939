"""The only reader and writer of unfinished answers: a sealed row, named by a signed cookie that lasts 24 hours."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from screening.models import Draft
from screening.questionnaire import flow
from screening.questionnaire.catalogue import Answers
from screening.questionnaire.steps import QUESTIONNAIRE

LIFETIME = timedelta(hours=24)
_SALT = "screening.draft"


def named_by(request: HttpRequest) -> UUID | None:
    """The draft's id that the visitor's cookie carries, whether the draft still exists or not."""
    cookie = request.COOKIES.get(settings.DRAFT_COOKIE_NAME, "")
    try:
        return UUID(signing.TimestampSigner(salt=_SALT).unsign(cookie, max_age=LIFETIME))
    except (signing.BadSignature, ValueError):
        return None


def find(draft_id: UUID | None) -> Draft | None:
    if draft_id is None:
        return None
    return Draft.objects.filter(pk=draft_id, expires_at__gt=timezone.now()).first()


def save(draft_id: UUID | None, answers: Answers) -> Draft:
    """Add a page's answers to the draft, or begin one; answers that are no longer asked for are dropped.

    The row is locked, so that two tabs of one person add to each other instead of overwriting.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first() if draft_id else None
        draft = draft or Draft(answers={})
        draft.answers = flow.without_strays(QUESTIONNAIRE, {**draft.answers, **answers})
        draft.expires_at = timezone.now() + LIFETIME
        draft.save()
    return draft


def remember(response: HttpResponse, draft: Draft) -> None:
    response.set_cookie(
        settings.DRAFT_COOKIE_NAME,
        signing.TimestampSigner(salt=_SALT).sign(draft.pk),
        max_age=LIFETIME,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.set_cookie(
        settings.DRAFT_COOKIE_NAME, "", max_age=0, secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
    )


def erase(draft_id: UUID | None) -> None:
    if draft_id:
        Draft.objects.filter(pk=draft_id).delete()


def erase_expired() -> int:
    """Erase the drafts whose 24 hours are over; returns how many."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[0]
