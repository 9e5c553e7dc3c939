"""Delivers letters by SMTP: leases the one that is due longest, sends it, and retries failures.

The lease in the database keeps two workers from sending the same letter. If a worker dies, its lease expires and the
letter is sent again with the same Message-ID (at-least-once delivery).
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from screening.models import Letter
from screening.outbox import queue
from screening.outbox.letters import build_message

MESSAGE_LIMIT = 60  # seconds of wall clock for one message, even if the server responds slowly
LEASE = timedelta(seconds=3 * MESSAGE_LIMIT)
MAX_BACKOFF = timedelta(minutes=4)  # so that letters arrive within five minutes of a mail server's recovery
GIVE_UP_AFTER = timedelta(hours=72)

_log = logging.getLogger("crc.worker")


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
    """Send a leased letter and record the outcome; ``wall_clock(seconds)`` limits the time of its block."""
    try:
        with wall_clock(MESSAGE_LIMIT):
            get_connection().send_messages([build_message(letter)])
    except Exception as error:
        # A failure of one letter must not stop the others.
        postpone(letter, error)
    else:
        queue.mark_sent(letter)
        _log.info("letter sent", extra={"letter": letter.name, "tries": letter.tries})


def postpone(letter: Letter, error: BaseException) -> None:
    """Retry after 10 seconds, doubling up to MAX_BACKOFF; after GIVE_UP_AFTER mark the letter as failed."""
    now = timezone.now()
    if now - letter.owed_at > GIVE_UP_AFTER:
        queue.mark_failed(letter)
    else:
        pause = min(timedelta(seconds=5 * 2 ** min(letter.tries, 10)), MAX_BACKOFF)
        Letter.objects.filter(pk=letter.pk).update(leased_until=None, next_try_at=now + pause)
    _log.warning("letter not sent", exc_info=error, extra={"letter": letter.name, "tries": letter.tries})
