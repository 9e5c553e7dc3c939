"""Corrects contact details and logs calls."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from screening.inquiries import search
from screening.inquiries.services.locking import add_event, events_by, events_since, lock_for_change, raise_on_conflict
from screening.inquiries.services.submission import CONTACT_STEP
from screening.models import Event, IndexToken, Inquiry, Note
from screening.questionnaire.steps import QUESTIONNAIRE

_SEPARATOR = ", "


class Unreachable(Exception):
    """The contact step rejects these details: no way to reach the person, or an unknown key or value."""


def correct_contact(inquiry: Inquiry, changes: dict[str, str], by: User, *, version: int | None = None) -> list[str]:
    """Change contact details, by keys of the contact step, and update the blind index; returns the changed keys.

    The event names the keys, never a value. Raises Unreachable; raises Conflict only if a colleague has corrected
    the same key.
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        before = locked.contact
        changed = sorted(key for key, value in changes.items() if before.get(key, "") != value)
        if not changed:
            return []
        events = events_since(locked, version, Event.Kind.CONTACT_CORRECTED)
        raise_on_conflict(locked, [event for event in events if set(changed) & set(corrected_fields(event))])
        after = {**before, **{key: changes[key] for key in changed}}
        _check_reachable(locked, after)
        locked.contact = after
        locked.save(update_fields=["contact"])
        _update_index(locked, search.index_tokens(after))
        add_event(locked, Event.Kind.CONTACT_CORRECTED, by, _SEPARATOR.join(changed))
    return changed


def corrected_fields(event: Event) -> list[str]:
    """The keys of the contact step that a correction changed."""
    return event.detail.split(_SEPARATOR)


def _check_reachable(inquiry: Inquiry, contact: dict[str, str]) -> None:
    step = QUESTIONNAIRE.step(CONTACT_STEP)
    asked = {question.key for question in step.questions_for(inquiry.answers)}
    if not set(contact) <= asked or not step.is_answered({**inquiry.answers, **contact}):
        raise Unreachable


def _update_index(inquiry: Inquiry, tokens: set[str]) -> None:
    inquiry.tokens.exclude(token__in=tokens).delete()
    missing = tokens - set(inquiry.tokens.values_list("token", flat=True))
    IndexToken.objects.bulk_create(IndexToken(inquiry=inquiry, token=token) for token in sorted(missing))


def log_call(inquiry: Inquiry, note: str, by: User, *, version: int | None = None) -> None:
    """Log a call with the person, which counts as a reply; ``note`` may be empty.

    Calls by two members of staff are two events; raises Conflict if one of them submits the same form twice.
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_by(events_since(locked, version, Event.Kind.CALLED), by))
        record_contact(locked)
        if note:
            Note.objects.create(inquiry=locked, text=note, author=by, kind=Note.Kind.CALL)
        add_event(locked, Event.Kind.CALLED, by)


def record_contact(inquiry: Inquiry, written_at: datetime | None = None) -> None:
    """Set the last contact to now, and the first reply if there was none.

    The inquiry no longer awaits a reply, unless the patient wrote after ``written_at`` (by default now).
    """
    now = timezone.now()
    replied = Coalesce("first_reply_at", now)
    rows = Inquiry.objects.filter(pk=inquiry.pk)
    rows.update(last_contact_at=now, first_reply_at=replied)
    rows.filter(unanswered_since__lte=written_at or now).update(unanswered_since=None)
