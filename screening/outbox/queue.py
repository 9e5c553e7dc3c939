"""The outbox queue: letters are queued, retried, dismissed, and marked as sent or failed."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries import business_days
from screening.inquiries.services.contact import record_contact
from screening.inquiries.services.locking import (
    IsWithdrawn,
    add_event,
    events_since,
    lock_for_staff,
    lock_inquiry,
    raise_on_conflict,
)
from screening.models import Event, Inquiry, Letter
from screening.outbox import digest, letters

# A letter conflicts with another letter, a call, a new address, and a move: a closed inquiry gets no mail.
_CONFLICTING_KINDS = (
    Event.Kind.LETTER_OWED,
    Event.Kind.CALLED,
    Event.Kind.CONTACT_CORRECTED,
    Event.Kind.MOVED,
    Event.Kind.MOVE_UNDONE,
)
_REMINDER_BATCH = 100


class NotFailed(Exception):
    """The letter was sent, is still being retried, or was dismissed."""


def queue_letter(inquiry: Inquiry, name: str, free_text: str, by: User, *, version: int | None = None) -> Letter:
    """Queue a letter of staff's choice with their own paragraph; the worker sends it within seconds.

    It counts as a reply once it is sent. Raises what `letters.preview` raises. A second click is a Conflict.
    """
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_since(held, version, *_CONFLICTING_KINDS))
        letters.preview(held, name, free_text)
        letter = Letter.objects.create(inquiry=held, name=name, free_text=free_text, author=by)
        add_event(held, Event.Kind.LETTER_OWED, by, name)
    return letter


def retry_letter(letter: Letter, by: User) -> None:
    """Retry a failed letter, for as long as a new one; raises NotFailed.

    For a withdrawn inquiry only the notice to staff may be retried.
    """
    with transaction.atomic():
        held = lock_inquiry(letter.inquiry_id) if letter.inquiry_id else None
        if held and held.is_withdrawn and letter.name not in Letter.TO_STAFF:
            raise IsWithdrawn
        now = timezone.now()
        again = {"gave_up_at": None, "owed_at": now, "next_try_at": now, "tries": 0}
        if not Letter.objects.failed().filter(pk=letter.pk).update(**again):
            raise NotFailed
        if held:
            add_event(held, Event.Kind.LETTER_RETRIED, by, letter.name)


def dismiss_letter(letter: Letter, by: User) -> None:
    """Dismiss a failed letter: staff reach the person otherwise; raises NotFailed."""
    with transaction.atomic():
        held = lock_inquiry(letter.inquiry_id) if letter.inquiry_id else None
        if not Letter.objects.failed().filter(pk=letter.pk).update(set_aside_at=timezone.now()):
            raise NotFailed
        if held:
            add_event(held, Event.Kind.LETTER_SET_ASIDE, by, letter.name)


def mark_sent(letter: Letter) -> None:
    """The mail server accepted the letter. A letter by staff counts as a reply of its author."""
    with transaction.atomic():
        held = _lock_inquiry_of(letter)
        # The inquiry may have been withdrawn while the mail was on its way: then there is no row left to note it on.
        if Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), leased_until=None) and held:
            if letter.is_from_staff:
                record_contact(held)
            add_event(held, Event.Kind.LETTER_SENT, letter.author, letter.name)


def mark_failed(letter: Letter) -> None:
    """All tries failed; staff see it and may retry it."""
    with transaction.atomic():
        held = _lock_inquiry_of(letter)
        if Letter.objects.filter(pk=letter.pk).update(gave_up_at=timezone.now(), leased_until=None) and held:
            add_event(held, Event.Kind.LETTER_FAILED, detail=letter.name)


def _lock_inquiry_of(letter: Letter) -> Inquiry | None:
    """The letter's inquiry, locked before the letter as in every service; None when there is none."""
    return Inquiry.objects.select_for_update().filter(pk=letter.inquiry_id).first()


def queue_digest(now: datetime) -> bool:
    """Queue today's digest on a business day, once, if anything waits; returns whether it was queued."""
    with transaction.atomic():
        today = business_days.start_of_day(now)
        has_todays = Letter.objects.filter(name="digest", owed_at__gte=today).exists()
        if has_todays or not business_days.is_business_day(today.date()) or not digest.has_content(now):
            return False
        Letter.objects.create(name="digest", owed_at=now, next_try_at=now)
    return True


def queue_overdue_reminders(now: datetime) -> int:
    """Queue one reminder for each inquiry that is unread past its reply deadline; returns how many.

    At most _REMINDER_BATCH at a time; the others follow at the next run.
    """
    with transaction.atomic():
        unread = Inquiry.objects.overdue(now).unread().exclude(letters__name="overdue").longest_waiting_first()
        reminders = [Letter(inquiry=inquiry, name="overdue") for inquiry in unread.only("id")[:_REMINDER_BATCH]]
        Letter.objects.bulk_create(reminders, ignore_conflicts=True)
    return len(reminders)
