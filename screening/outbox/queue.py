"""The outbox: queues letters, retries and dismisses them, and marks them as sent or failed."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries import business_days, clinic_time
from screening.inquiries.services.contact import record_contact
from screening.inquiries.services.locking import (
    IsWithdrawn,
    add_event,
    events_since,
    lock_for_change,
    lock_inquiry,
    raise_on_conflict,
)
from screening.models import Appointment, Event, Inquiry, Letter
from screening.outbox import digest, letters

# A letter conflicts with a letter, a call, changed contact details, and a move (a closed inquiry gets no mail).
_CONFLICTING_KINDS = (
    Event.Kind.LETTER_OWED,
    Event.Kind.CALLED,
    Event.Kind.CONTACT_CORRECTED,
    Event.Kind.MOVED,
    Event.Kind.MOVE_UNDONE,
)
_REMINDER_BATCH = 100
_HOUR_OF_REMINDERS = time(9)


class NotFailed(Exception):
    """The letter is sent, still being retried, or dismissed."""


def queue_letter(inquiry: Inquiry, name: str, free_text: str, by: User, *, version: int | None = None) -> Letter:
    """Queue a letter of staff's choice with their paragraph; once sent it counts as a reply.

    Raises what `letters.preview` raises, IsWithdrawn, and Conflict (also for a second click).
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, *_CONFLICTING_KINDS))
        letters.preview(locked, name, free_text)
        letter = Letter.objects.create(inquiry=locked, name=name, free_text=free_text, author=by)
        add_event(locked, Event.Kind.LETTER_OWED, by, name)
    return letter


def retry_letter(letter: Letter, by: User) -> None:
    """Retry a failed letter as if it were new; raises NotFailed.

    Raises IsWithdrawn for a letter to the patient of a withdrawn inquiry.
    """
    with transaction.atomic():
        locked = lock_inquiry(letter.inquiry_id) if letter.inquiry_id else None
        if locked and locked.is_withdrawn and letter.name not in Letter.TO_STAFF:
            raise IsWithdrawn
        now = timezone.now()
        fields = {"gave_up_at": None, "owed_at": now, "next_try_at": now, "tries": 0}
        if not Letter.objects.failed().filter(pk=letter.pk).update(**fields):
            raise NotFailed
        if locked:
            add_event(locked, Event.Kind.LETTER_RETRIED, by, letter.name)


def dismiss_letter(letter: Letter, by: User) -> None:
    """Dismiss a failed letter, because staff contact the person in another way; raises NotFailed."""
    with transaction.atomic():
        locked = lock_inquiry(letter.inquiry_id) if letter.inquiry_id else None
        if not Letter.objects.failed().filter(pk=letter.pk).update(set_aside_at=timezone.now()):
            raise NotFailed
        if locked:
            add_event(locked, Event.Kind.LETTER_SET_ASIDE, by, letter.name)


def mark_sent(letter: Letter) -> None:
    """Record that the mail server accepted the letter. A letter by staff counts as a reply."""
    with transaction.atomic():
        locked = _lock_inquiry_of(letter)
        # If the inquiry was erased meanwhile, the letter's row is gone and nothing is recorded.
        if Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), leased_until=None) and locked:
            if letter.is_from_staff:
                record_contact(locked, letter.owed_at)
            add_event(locked, Event.Kind.LETTER_SENT, letter.author, letter.name)


def mark_failed(letter: Letter) -> None:
    """Record that all tries failed; staff may retry the letter."""
    with transaction.atomic():
        locked = _lock_inquiry_of(letter)
        if Letter.objects.filter(pk=letter.pk).update(gave_up_at=timezone.now(), leased_until=None) and locked:
            add_event(locked, Event.Kind.LETTER_FAILED, detail=letter.name)


def mark_withheld(letter: Letter) -> None:
    """Record that the letter is not sent, because its address has had its mails of the day."""
    now = timezone.now()
    fields = {"within_limit": False, "gave_up_at": now, "set_aside_at": now, "leased_until": None}
    with transaction.atomic():
        locked = _lock_inquiry_of(letter)
        if Letter.objects.filter(pk=letter.pk).update(**fields) and locked:
            add_event(locked, Event.Kind.LETTER_WITHHELD, detail=letter.name)


def _lock_inquiry_of(letter: Letter) -> Inquiry | None:
    """Lock the letter's inquiry, if there is one, before the letter, as every service does."""
    if letter.inquiry_id is None:
        return None
    return Inquiry.objects.select_for_update().filter(pk=letter.inquiry_id).first()


def queue_digest(now: datetime) -> bool:
    """Queue the digest once per business day unless it is empty; returns whether it was queued."""
    with transaction.atomic():
        today = business_days.start_of_day(now).date()
        if _has_todays("digest", now) or not business_days.is_business_day(today) or not digest.has_content(now):
            return False
        Letter.objects.create(name="digest", owed_at=now, next_try_at=now)
    return True


def queue_purge_stopped(now: datetime) -> None:
    """Tell staff, once a day, that old inquiries are not erased."""
    _queue_once_a_day("purge-stopped", now)


def queue_watch_stopped(now: datetime) -> None:
    """Tell staff, once a day, that nothing looks at the status."""
    _queue_once_a_day("watch-stopped", now)


def _queue_once_a_day(name: str, now: datetime) -> None:
    with transaction.atomic():
        if not _has_todays(name, now):
            Letter.objects.create(name=name, owed_at=now, next_try_at=now)


def _has_todays(name: str, now: datetime) -> bool:
    today = business_days.start_of_day(now)
    return Letter.objects.filter(name=name, owed_at__gte=today, owed_at__lt=today + timedelta(days=1)).exists()


def queue_overdue_reminders(now: datetime) -> int:
    """Queue one reminder for each inquiry that is unread past its reply deadline; returns how many.

    At most _REMINDER_BATCH per run.
    """
    with transaction.atomic():
        unread = Inquiry.objects.overdue(now).unread().exclude(letters__name="overdue").longest_waiting_first()
        reminders = [Letter(inquiry=inquiry, name="overdue") for inquiry in unread.only("id")[:_REMINDER_BATCH]]
        Letter.objects.bulk_create(reminders, ignore_conflicts=True)
    return len(reminders)


def queue_appointment_reminders(now: datetime) -> int:
    """Queue one reminder of each confirmed appointment, from 9:00 of the day before; returns how many.

    One that was confirmed or moved later than that has just been told about. Reminders that could not be sent before
    the appointment are dropped.
    """
    Letter.objects.unsent().filter(name=letters.REMINDER, leased_until=None, appointment__starts_at__lte=now).delete()
    confirmed = Appointment.objects.filter(state=Appointment.State.CONFIRMED, reminded_at=None)
    soon = confirmed.starting_in(now, now + timedelta(days=2)).order_by("starts_at")
    due = [one for one in soon if one.changed_at < clinic_time.day_before(one.starts_at, _HOUR_OF_REMINDERS) <= now]
    return sum(_queue_appointment_reminder(one, now) for one in due[:_REMINDER_BATCH])


def _queue_appointment_reminder(appointment: Appointment, now: datetime) -> bool:
    with transaction.atomic():
        inquiry = lock_inquiry(appointment.inquiry_id)
        unchanged = Appointment.objects.filter(pk=appointment.pk, sequence=appointment.sequence, reminded_at=None)
        if not unchanged.update(reminded_at=now) or inquiry.is_withdrawn or not inquiry.contact.get("email"):
            return False
        Letter.objects.create(inquiry=inquiry, appointment=appointment, name=letters.REMINDER)
    return True
