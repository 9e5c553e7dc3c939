"""Delivers letters by SMTP: leases the one that is due longest, sends it, and retries failures.

The lease in the database keeps two workers from sending one letter. When a worker dies its lease expires, and the
letter is sent again under the same Message-ID (at-least-once delivery).
"""

import logging
from datetime import timedelta
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from screening.models import Letter
from screening.outbox import queue
from screening.outbox.letters import build_message

MESSAGE_LIMIT = 60  # seconds of wall clock for one message, however slowly the server drips
LEASE = timedelta(seconds=3 * MESSAGE_LIMIT)
MAX_BACKOFF = timedelta(minutes=4)  # so that letters arrive within five minutes of a mail server's recovery
GIVE_UP_AFTER = timedelta(hours=72)

_log = logging.getLogger("crc.worker")


def lease_letter() -> Letter | None:
    """Lease the letter that is due longest; None when none is due."""
    with transaction.atomic():
        letter = Letter.objects.due().select_for_update(skip_locked=True).order_by("next_try_at").first()
        if letter:
            letter.leased_until = timezone.now() + LEASE
            letter.tries += 1
            letter.save(update_fields=["leased_until", "tries"])
    return letter


def deliver(letter: Letter, wall_clock: Any) -> None:
    """Send a leased letter within ``wall_clock``, a context manager with a limit in seconds, and record the outcome."""
    try:
        with wall_clock(MESSAGE_LIMIT):
            get_connection().send_messages([build_message(letter)])
    except Exception as error:
        # A failure of one letter must not stop the others; it is retried, and shown to staff in the end.
        postpone(letter, error)
    else:
        queue.mark_sent(letter)
        _log.info("letter sent", extra={"letter": letter.name, "tries": letter.tries})


def postpone(letter: Letter, error: BaseException) -> None:
    """Try again later: after 10 seconds, then twice as long each time up to MOST_PAUSE, for 72 hours."""
    now = timezone.now()
    if now - letter.owed_at > GIVE_UP_AFTER:
        queue.mark_failed(letter)
    else:
        pause = min(timedelta(seconds=5 * 2 ** min(letter.tries, 10)), MAX_BACKOFF)
        Letter.objects.filter(pk=letter.pk).update(leased_until=None, next_try_at=now + pause)
    _log.warning("letter not sent", exc_info=error, extra={"letter": letter.name, "tries": letter.tries})
