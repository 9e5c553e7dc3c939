"""Reads and writes drafts: encrypted rows, each named by a signed cookie, for 24 hours."""

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
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Answers

LIFETIME = timedelta(hours=24)
_SALT = "screening.draft"
_TAKEN_FIELDS = ("answers", "consent", "started_at")
_TAKE = (
    f"DELETE FROM {Draft._meta.db_table} WHERE id = %s AND expires_at > %s "  # noqa: S608 (our own table)
    f"RETURNING {', '.join(_TAKEN_FIELDS)}"
)


def draft_id_from(request: HttpRequest) -> UUID | None:
    """The draft's id from the signed cookie; the draft may no longer exist."""
    try:
        return UUID(signing.TimestampSigner(salt=_SALT).unsign(cookie_of(request), max_age=LIFETIME))
    except (signing.BadSignature, ValueError):
        return None


def cookie_of(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.DRAFT_COOKIE_NAME, "")


def page_token(draft: Draft | None) -> str:
    """A keyed hash of the draft's id, for a hidden field of the page; "" if there is no draft."""
    return blind_index("page", draft.pk.hex) if draft is not None else ""


def answers_token(draft: Draft) -> str:
    """A keyed hash of the draft's current answers, for a hidden field of the check page."""
    content = json.dumps([draft.pk.hex, draft.consent, draft.answers], sort_keys=True)
    return blind_index("answers", content)


def form_token(draft: Draft | None, values: Answers) -> str:
    """A token that changes when the draft is saved or the form shows other values.

    It is the name of a hidden field. On Back a browser restores the values of the same form, which could replace a
    corrected answer by the earlier mistake; with another field name the form is another one. Unsent input in an
    unchanged form is still restored.
    """
    saved = [draft.pk.hex, draft.expires_at.isoformat()] if draft is not None else []
    return blind_index("form", json.dumps([saved, values], sort_keys=True, default=str))


def find_draft(draft_id: UUID | None) -> Draft | None:
    return _unexpired().filter(pk=draft_id).first() if draft_id else None


def lock_draft(draft_id: UUID) -> Draft | None:
    """Lock the draft until the transaction ends; None if it is gone or expired."""
    return _unexpired().select_for_update().filter(pk=draft_id).first()


def _unexpired() -> QuerySet[Draft]:
    return Draft.objects.filter(expires_at__gt=timezone.now())


def save_answers(draft_id: UUID | None, answers: Answers, consent: str = "") -> Draft | None:
    """Add a page's answers to the draft, or create a draft if ``draft_id`` is None; returns None if it is gone.

    Drops answers that are no longer asked. ``consent`` is the `consent_version` agreed to on this page, or "". The row
    is locked, so that two tabs do not overwrite each other and a page posted after Send does not create a draft.
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
    """Replace the draft's rejected input; does nothing if the draft is gone."""
    with transaction.atomic(savepoint=False):
        draft = lock_draft(draft_id)
        if draft is not None:
            draft.rejected_input = rejected
            draft.save(update_fields=["rejected_input"])


def take_draft(draft_id: UUID) -> Draft | None:
    """Delete the draft and return it, in one statement, so that only one of two concurrent requests gets it."""
    params = [
        Draft._meta.pk.get_db_prep_value(draft_id, connection),
        connection.ops.adapt_datetimefield_value(timezone.now()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, params)
        row = cursor.fetchone()
    return row and Draft(
        draft_id, **{name: _from_db(name, value) for name, value in zip(_TAKEN_FIELDS, row, strict=True)}
    )


def _from_db(name: str, value: Any) -> Any:
    """Convert a column's raw value as the ORM does."""
    field = Draft._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is not a column of Draft")
    column = field.cached_col
    for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
        value = convert(value, column, connection)
    return value


def is_consent_outdated(draft: Draft) -> bool:
    """Whether the consent text has changed since it was agreed to."""
    return draft.consent != wording_versions.consent_version(draft.consent.partition(" ")[0])


def reset_outdated_consent(draft_id: UUID) -> None:
    """Remove the consent from the draft if its text has changed since."""
    with transaction.atomic():
        draft = lock_draft(draft_id)
        if draft and is_consent_outdated(draft):
            draft.answers = {key: value for key, value in draft.answers.items() if key != "consent"}
            draft.save()


def set_draft_cookie(response: HttpResponse, draft: Draft) -> None:
    signed = signing.TimestampSigner(salt=_SALT).sign(str(draft.pk))
    set_cookie(response, settings.DRAFT_COOKIE_NAME, signed, LIFETIME)


def delete_draft_cookie(response: HttpResponse) -> None:
    set_cookie(response, settings.DRAFT_COOKIE_NAME, "", timedelta(0))


def set_cookie(response: HttpResponse, name: str, value: str, max_age: timedelta) -> None:
    """Set a cookie of a patient."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def erase_draft(draft_id: UUID | None) -> None:
    if draft_id:
        Draft.objects.filter(pk=draft_id).delete()


def erase_expired_drafts() -> int:
    """Delete the expired drafts; returns how many."""
    return Draft.objects.filter(expires_at__lte=timezone.now()).delete()[0]
