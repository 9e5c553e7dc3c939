"""Delivers letters by SMTP: leases the one that is due longest, sends it, and retries failures.

The lease in the database keeps two workers from sending the same letter. If a worker dies, its lease expires and the
letter is sent again with the same Message-ID (at-least-once delivery).
"""

import logging
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from screening.models import Letter
from screening.outbox import daily_limit, queue
from screening.outbox.letters import build_message

MESSAGE_LIMIT = 60  # seconds of wall clock for one message, even if the server responds slowly
LEASE = timedelta(seconds=3 * MESSAGE_LIMIT)
MAX_BACKOFF = timedelta(minutes=4)  # so that letters arrive within five minutes of a mail server's recovery
GIVE_UP_AFTER = timedelta(hours=72)
REFUSED_BACKOFF = timedelta(minutes=15)  # of a letter that the server refuses for good (5xx)
GIVE_UP_REFUSED_AFTER = timedelta(minutes=40)  # three more tries, in case the server is being set up

_log = logging.getLogger("crc.worker")


class SenderRefused(Exception):
    """The mail server refuses the site itself, so no letter would be accepted."""


def lease_letter() -> Letter | None:
    """Lease the letter that is due longest; None if none is due."""
    with transaction.atomic():
        letter = Letter.objects.due().select_for_update(skip_locked=True).order_by("next_try_at").first()
        if letter:
            letter.leased_until = timezone.now() + LEASE
            letter.tries += 1
            letter.save(update_fields=["leased_until", "tries"])
    return letter


def deliver(letter: Letter, wall_clock: Callable[[float], AbstractContextManager[None]]) -> None:
    """Send a leased letter and record the outcome; ``wall_clock(seconds)`` limits the time of its block.

    Raises SenderRefused; the letter is due at once then, and the try does not count.
    """
    try:
        with wall_clock(MESSAGE_LIMIT):
            daily_limit.count(letter)
            get_connection().send_messages([build_message(letter)])
    except daily_limit.LimitReached:
        queue.mark_withheld(letter)
        _log.warning("letter withheld: its address has had its mails of the day", extra={"letter": letter.name})
    except Exception as error:
        # A failure of one letter must not stop the others.
        postpone(letter, error)
        if _is_sender_refused(error):
            raise SenderRefused from error
    else:
        queue.mark_sent(letter)
        _log.info("letter sent", extra={"letter": letter.name, "tries": letter.tries})


def postpone(letter: Letter, error: BaseException) -> None:
    """Retry after 10 seconds, doubling up to MAX_BACKOFF; after GIVE_UP_AFTER mark the letter as failed.

    A letter that the server refuses for good is retried less often, and given up within an hour.
    """
    now = timezone.now()
    is_refused = _is_letter_refused(error)
    if now - letter.owed_at > (GIVE_UP_REFUSED_AFTER if is_refused else GIVE_UP_AFTER):
        queue.mark_failed(letter)
    elif _is_sender_refused(error):
        Letter.objects.filter(pk=letter.pk).update(leased_until=None, tries=letter.tries - 1)
    else:
        backoff = min(timedelta(seconds=5 * 2 ** min(letter.tries, 10)), MAX_BACKOFF)
        next_try_at = now + (REFUSED_BACKOFF if is_refused else backoff)
        Letter.objects.filter(pk=letter.pk).update(leased_until=None, next_try_at=next_try_at)
    _log.warning("letter not sent", exc_info=error, extra={"letter": letter.name, "tries": letter.tries})


def _is_letter_refused(error: BaseException) -> bool:
    """Whether the server refuses the letter for good: every recipient, or the content."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_permanent(code) for code, _reply in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and _is_permanent(error.smtp_code)


def _is_sender_refused(error: BaseException) -> bool:
    """Whether the server refuses to let us sign in, or our sender address for good."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return _is_permanent(error.smtp_code)
    return isinstance(error, smtplib.SMTPAuthenticationError)


def _is_permanent(code: int) -> bool:
    """Whether an SMTP reply code means that the same will be refused again (RFC 5321, 4.2.1)."""
    return code >= 500
