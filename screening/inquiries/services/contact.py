"""Corrects contact details and logs calls."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from screening.inquiries import search
from screening.inquiries.services.locking import add_event, events_by, events_since, lock_for_staff, raise_on_conflict
from screening.inquiries.services.new_inquiry import CONTACT_STEP
from screening.models import Event, IndexToken, Inquiry, Note
from screening.questionnaire.steps import QUESTIONNAIRE

_SEPARATOR = ", "


class Unreachable(Exception):
    """The contact step does not accept these details: no way to reach the person, or an unknown value."""


def correct_contact(inquiry: Inquiry, changes: dict[str, str], by: User, *, version: int | None = None) -> list[str]:
    """Correct contact details, by the keys of the contact step; returns the keys that changed.

    The blind index is updated. The event names the keys, never a value. Two colleagues who correct different details
    both succeed; on the same detail the second gets Conflict.
    """
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        before = held.contact
        changed = sorted(key for key, value in changes.items() if before.get(key, "") != value)
        if not changed:
            return []
        events = events_since(held, version, Event.Kind.CONTACT_CORRECTED)
        raise_on_conflict(held, [event for event in events if set(changed) & set(corrected_fields(event))])
        after = {**before, **{key: changes[key] for key in changed}}
        _check_reachable(held, after)
        held.contact = after
        held.save(update_fields=["contact"])
        _update_index(held, search.index_tokens(after))
        add_event(held, Event.Kind.CONTACT_CORRECTED, by, _SEPARATOR.join(changed))
    return changed


def corrected_fields(event: Event) -> list[str]:
    """The keys that a correction was about."""
    return event.detail.split(_SEPARATOR)


def _check_reachable(held: Inquiry, contact: dict[str, str]) -> None:
    step = QUESTIONNAIRE.step(CONTACT_STEP)
    asked = {question.key for question in step.questions_for(held.answers)}
    if not set(contact) <= asked or not step.is_answered({**held.answers, **contact}):
        raise Unreachable


def _update_index(held: Inquiry, tokens: set[str]) -> None:
    held.tokens.exclude(token__in=tokens).delete()
    missing = tokens - set(held.tokens.values_list("token", flat=True))
    IndexToken.objects.bulk_create(IndexToken(inquiry=held, token=token) for token in sorted(missing))


def log_call(inquiry: Inquiry, note: str, by: User, *, version: int | None = None) -> None:
    """Log a call with the person, which counts as a reply; ``note`` may be empty.

    Calls of two members of staff are two events; the same form sent twice by one of them is a Conflict.
    """
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_by(events_since(held, version, Event.Kind.CALLED), by))
        record_contact(held)
        if note:
            Note.objects.create(inquiry=held, text=note, author=by, kind=Note.Kind.CALL)
        add_event(held, Event.Kind.CALLED, by)


def record_contact(held: Inquiry) -> None:
    """Set the last contact to now, and the first reply where there was none."""
    now = timezone.now()
    replied = Coalesce("first_reply_at", now)
    Inquiry.objects.filter(pk=held.pk).update(last_contact_at=now, first_reply_at=replied)
