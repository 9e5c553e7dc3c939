"""Messages between patient and staff. Each is stored encrypted; mails only say that there is one."""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries import business_days
from screening.inquiries.services.contact import record_contact
from screening.inquiries.services.locking import (
    add_event,
    events_since,
    lock_for_change,
    raise_on_conflict,
)
from screening.inquiries.services.status_change import set_status
from screening.models import Event, Inquiry, Letter, Message, Status

REPLIES_AN_HOUR = 10
CALL_TIME = "best-time"  # the key of the contact step's question

# A message by staff conflicts with what the patient or a colleague did meanwhile.
_CONFLICTING_KINDS = (
    Event.Kind.MESSAGE_WRITTEN,
    Event.Kind.MESSAGE_RECEIVED,
    Event.Kind.CALL_TIME_CHANGED,
    Event.Kind.LETTER_OWED,
    Event.Kind.CALLED,
    Event.Kind.CONTACT_CORRECTED,
    Event.Kind.MOVED,
    Event.Kind.MOVE_UNDONE,
)
_AWAITING_PATIENT = (Status.WAITING, Status.OFFERED)


class NoEmailAddress(Exception):
    """The patient gave no e-mail address, so a message would not be noticed."""


class InquiryClosed(Exception):
    """The inquiry is closed, so the patient cannot reply."""


class TooManyReplies(Exception):
    """REPLIES_AN_HOUR were written within the last hour."""


def write_message(
    inquiry: Inquiry, text: str, by: User, message_id: UUID | None = None, *, version: int | None = None
) -> Message:
    """A message of staff, which counts as a reply; queues a letter to the patient. Raises NoEmailAddress, Conflict.

    Repeating the same one, by its id, changes nothing.
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        repeated = locked.messages.filter(pk=message_id, author=by).first() if message_id else None
        if repeated is not None and repeated.text == text:
            return repeated
        raise_on_conflict(locked, events_since(locked, version, *_CONFLICTING_KINDS))
        if not locked.contact.get("email"):
            raise NoEmailAddress
        message = Message(inquiry=locked, is_from_patient=False, author=by, text=text)
        if message_id and not Message.objects.filter(pk=message_id).exists():
            message.pk = message_id
        message.save(force_insert=True)
        queue_once(locked, "message")
        record_contact(locked)
        add_event(locked, Event.Kind.MESSAGE_WRITTEN, by)
    return message


def receive_message(inquiry_id: UUID, text: str, message_id: UUID) -> None:
    """A message of the patient; repeating the same one changes nothing.

    The inquiry then waits for staff, with a new reply deadline, and staff get a letter. Raises IsWithdrawn,
    InquiryClosed or TooManyReplies.
    """
    with transaction.atomic():
        _receive(lock_for_change(inquiry_id), text, message_id, Event.Kind.MESSAGE_RECEIVED)


def receive_call_time(inquiry_id: UUID, call_time: str, text: str, message_id: UUID) -> None:
    """The patient wishes to be called at another time: a value of the contact step's question.

    ``text`` says it in words, with the time before; it is stored as a message, so that both keep it as it was. The
    event names no value. Raises what `receive_message` raises.
    """
    with transaction.atomic():
        inquiry = lock_for_change(inquiry_id)
        if _receive(inquiry, text, message_id, Event.Kind.CALL_TIME_CHANGED):
            inquiry.contact = {**inquiry.contact, CALL_TIME: call_time}
            inquiry.save(update_fields=["contact"])


def _receive(inquiry: Inquiry, text: str, message_id: UUID, kind: str) -> bool:
    """Store a message of the patient in a locked inquiry; False if it is there already."""
    if inquiry.status == Status.CLOSED:
        raise InquiryClosed
    repeated = Message.objects.filter(pk=message_id).first()
    if repeated is not None and repeated.text == text:
        return False
    now = timezone.now()
    recent = inquiry.messages.filter(is_from_patient=True, written_at__gt=now - timedelta(hours=1))
    if recent.count() >= REPLIES_AN_HOUR:
        raise TooManyReplies
    message = Message(inquiry=inquiry, is_from_patient=True, text=text, written_at=now)
    if repeated is None:
        message.pk = message_id
    message.save(force_insert=True)
    await_reply(inquiry)
    queue_once(inquiry, "replied")
    add_event(inquiry, kind)
    return True


def mark_messages_read(inquiry: Inquiry) -> None:
    """Record that the patient has seen the messages of staff."""
    unread = inquiry.messages.filter(is_from_patient=False, read_at=None)
    if unread.exists():
        with transaction.atomic():
            if unread.update(read_at=timezone.now()):
                add_event(inquiry, Event.Kind.MESSAGE_READ)


def await_reply(inquiry: Inquiry) -> None:
    """Staff owe a reply from now on; the status leaves "waiting for patient"."""
    now = timezone.now()
    if inquiry.status in _AWAITING_PATIENT:
        set_status(inquiry, Status.IN_REVIEW, "", Event.Kind.MOVED, None)
    if inquiry.unanswered_since is None:
        inquiry.unanswered_since, inquiry.reply_due_at = now, business_days.reply_due(now)
    inquiry.last_contact_at = now
    inquiry.save(update_fields=["unanswered_since", "reply_due_at", "last_contact_at"])


def queue_once(inquiry: Inquiry, letter_name: str) -> None:
    """Queue the letter unless one is still to be sent: it says only that there is something to read."""
    if not inquiry.letters.unsent().filter(name=letter_name).exists():
        Letter.objects.create(inquiry=inquiry, name=letter_name)
