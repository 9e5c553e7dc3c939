"""The only reader and writer of unfinished answers: a sealed row, named by a signed cookie that lasts 24 hours."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.db.models import Field, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from screening.models import Draft
from screening.privacy.blind_index import blind_index
from screening.questionnaire import flow, wording_versions
from screening.questionnaire.schema import Answers
from screening.questionnaire.steps import QUESTIONNAIRE

LIFETIME = timedelta(hours=24)
_SALT = "screening.draft"
_TAKEN_FIELDS = ("answers", "consent", "started_at")
_TAKE = (
    f"DELETE FROM {Draft._meta.db_table} WHERE id = %s AND expires_at > %s "  # noqa: S608 (our own table)
    f"RETURNING {', '.join(_TAKEN_FIELDS)}"
)


def draft_id_from(request: HttpRequest) -> UUID | None:
    """The draft's id that the visitor's cookie carries, whether the draft still exists or not."""
    try:
        return UUID(signing.TimestampSigner(salt=_SALT).unsign(cookie_of(request), max_age=LIFETIME))
    except (signing.BadSignature, ValueError):
        return None


def cookie_of(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.DRAFT_COOKIE_NAME, "")


def page_token(draft: Draft | None) -> str:
    """Names the draft that a page is made for, without telling its id; empty where there is none yet."""
    return blind_index("page", draft.pk.hex) if draft is not None else ""


def answers_token(draft: Draft) -> str:
    """Names the answers that a check page shows: those of this draft, as they are at this moment."""
    held = json.dumps([draft.pk.hex, draft.consent, draft.answers], sort_keys=True)
    return blind_index("answers", held)


def form_token(draft: Draft | None, values: Answers) -> str:
    """Other than before once a page of this draft was saved, or the form shows other values.

    As the name of a field it makes the form another one to a browser, which on the way back fills in what was last in
    the form: it would show a mistake over the answer that has replaced it. What somebody has typed and not sent it
    still brings back.
    """
    saved = [draft.pk.hex, draft.expires_at.isoformat()] if draft is not None else []
    return blind_index("form", json.dumps([saved, values], sort_keys=True, default=str))


def find_draft(draft_id: UUID | None) -> Draft | None:
    return _live().filter(pk=draft_id).first() if draft_id else None


def lock_draft(draft_id: UUID) -> Draft | None:
    """The draft, held for this transaction alone; None when it is gone or its 24 hours are over."""
    return _live().select_for_update().filter(pk=draft_id).first()


def _live() -> QuerySet[Draft]:
    return Draft.objects.filter(expires_at__gt=timezone.now())


def save_answers(draft_id: UUID | None, answers: Answers, consent: str = "") -> Draft | None:
    """Add a page's answers to the draft, or begin one when no id is given; None when that draft is gone.

    Answers that are no longer asked for are dropped. ``consent`` names the text that was agreed to on this page.
    The row is locked, so that two tabs of one person add to each other instead of overwriting, and a page that
    comes after Send does not begin a draft without consent.
    """
    with transaction.atomic(savepoint=False):
        draft = lock_draft(draft_id) if draft_id else Draft(answers={})
        if draft is None:
            return None
        draft.consent = consent or draft.consent
        draft.answers = flow.without_unasked_answers(QUESTIONNAIRE, {**draft.answers, **answers})
        draft.rejected_input = None
        draft.expires_at = timezone.now() + LIFETIME
        draft.save()
    return draft


def save_rejected_input(draft_id: UUID, rejected: dict) -> None:
    """Keep it with the draft, in place of an earlier one; nothing where the draft is gone."""
    with transaction.atomic(savepoint=False):
        draft = lock_draft(draft_id)
        if draft is not None:
            draft.rejected_input = rejected
            draft.save(update_fields=["rejected_input"])


def take_draft(draft_id: UUID) -> Draft | None:
    """Erase the draft and return what it held, in one statement: of two who come at one moment only one gets it."""
    in_database = [
        Draft._meta.pk.get_db_prep_value(draft_id, connection),
        connection.ops.adapt_datetimefield_value(timezone.now()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, in_database)
        held = cursor.fetchone()
    return held and Draft(
        draft_id, **{name: _read(name, value) for name, value in zip(_TAKEN_FIELDS, held, strict=True)}
    )


def _read(name: str, value: Any) -> Any:
    """What the database gave for a field, as a query of the models would have it."""
    field = Draft._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no column of a draft")
    column = field.cached_col
    for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
        value = convert(value, column, connection)
    return value


def is_consent_outdated(draft: Draft) -> bool:
    """Whether the text that was agreed to is no longer in force."""
    return draft.consent != wording_versions.consent_version(draft.consent.partition(" ")[0])


def reset_outdated_consent(draft_id: UUID) -> None:
    """Take the consent out of a draft when its text has changed since."""
    with transaction.atomic():
        draft = lock_draft(draft_id)
        if draft and is_consent_outdated(draft):
            draft.answers = {key: value for key, value in draft.answers.items() if key != "consent"}
            draft.save()


def set_draft_cookie(response: HttpResponse, draft: Draft) -> None:
    set_cookie(response, signing.TimestampSigner(salt=_SALT).sign(str(draft.pk)), LIFETIME)


def delete_draft_cookie(response: HttpResponse) -> None:
    set_cookie(response, "", timedelta(0))


def set_cookie(response: HttpResponse, value: str, lasting: timedelta) -> None:
    response.set_cookie(
        settings.DRAFT_COOKIE_NAME,
        value,
        max_age=lasting,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def erase_draft(draft_id: UUID | None) -> None:
    if draft_id:
        Draft.objects.filter(pk=draft_id).delete()


def erase_expired_drafts() -> int:
    """Erase the drafts whose 24 hours are over; returns how many."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[0]
