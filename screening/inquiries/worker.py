"""Sends the letters that are due and sweeps expired drafts, until told to stop. Many may run beside each other.

A letter is leased in the database before it is sent, so that two workers never send it at one time. A worker that dies
in the middle leaves a lease that runs out: the letter is sent again, under the same Message-ID.
"""

import logging
import signal
import threading
from contextlib import contextmanager
from datetime import timedelta

from django.core.mail import get_connection
from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.utils import timezone

from screening.inquiries import records
from screening.inquiries.letters import compose
from screening.models import Event, Letter
from screening.questionnaire import drafts, limits

MESSAGE_LIMIT = 60  # seconds of wall clock for one message, however slowly the server drips
LEASE = timedelta(seconds=3 * MESSAGE_LIMIT)
STOPPING_GRACE = 3  # seconds for the message under way when the worker is told to stop
MOST_PAUSE = timedelta(minutes=4)  # so that letters arrive within five minutes of a mail server's recovery
GIVE_UP_AFTER = timedelta(hours=72)
PAUSE = 1.0  # seconds between two looks at the table
SWEEP_EVERY = timedelta(minutes=5)

_log = logging.getLogger("crc.worker")


class TookTooLong(Exception):
    """The message's wall-clock limit is over."""


class Worker:
    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._is_sending = False
        self._next_sweep = timezone.now()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; returns when the message under way is done or its grace is over."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        _log.info("worker started")
        while not self.stopping.is_set():
            try:
                busy = self.send_next()
                self.sweep()
            except (DatabaseError, InterfaceError) as error:
                _log.warning("database unavailable", exc_info=error)
                busy = False
            close_old_connections()
            if not busy:
                self.stopping.wait(PAUSE)
        _log.info("worker stopped")

    def _stop(self, number, frame) -> None:
        self.stopping.set()
        if self._is_sending:
            signal.setitimer(signal.ITIMER_REAL, STOPPING_GRACE)

    def send_next(self) -> bool:
        """Send one letter that is due; returns whether there was one."""
        letter = lease()
        if letter is None:
            return False
        try:
            with self._wall_clock(MESSAGE_LIMIT):
                get_connection().send_messages([compose(letter)])
        except Exception as error:
            # Whatever went wrong with one letter must not stop the others: it is tried again, and then shown to staff.
            postpone(letter, error)
        else:
            sent(letter)
        return True

    def sweep(self) -> None:
        if timezone.now() < self._next_sweep:
            return
        self._next_sweep = timezone.now() + SWEEP_EVERY
        for event, count in (
            ("expired drafts erased", drafts.erase_expired()),
            ("inquiries purged", records.purge()),
            ("hourly counts erased", limits.forget_past_hours()),
        ):
            if count:
                _log.info(event, extra={"count": count})

    @contextmanager
    def _wall_clock(self, seconds: float):
        def ring(number, frame):
            raise TookTooLong

        before = signal.signal(signal.SIGALRM, ring)
        self._is_sending = True
        # Told to stop between the lease and here, the message gets the short time that is left, like one under way.
        signal.setitimer(signal.ITIMER_REAL, STOPPING_GRACE if self.stopping.is_set() else seconds)
        try:
            yield
        finally:
            self._is_sending = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def lease() -> Letter | None:
    """Take the letter that is due longest, so that no other worker does."""
    with transaction.atomic():
        letter = Letter.objects.due().select_for_update(skip_locked=True).order_by("next_try_at").first()
        if letter:
            letter.leased_until = timezone.now() + LEASE
            letter.tries += 1
            letter.save(update_fields=["leased_until", "tries"])
    return letter


def sent(letter: Letter) -> None:
    with transaction.atomic():
        # The inquiry may have been withdrawn while the mail was on its way: then there is no row left to note it on.
        if Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), leased_until=None):
            Event.objects.create(inquiry_id=letter.inquiry_id, kind=Event.Kind.LETTER_SENT, detail=letter.name)
    _log.info("letter sent", extra={"letter": letter.name, "tries": letter.tries})


def postpone(letter: Letter, error: BaseException) -> None:
    """Try again later: after 10 seconds, then twice as long each time up to MOST_PAUSE, for 72 hours."""
    now = timezone.now()
    pause = min(timedelta(seconds=5 * 2 ** min(letter.tries, 10)), MOST_PAUSE)
    change = {"leased_until": None, "next_try_at": now + pause}
    has_given_up = now - letter.owed_at > GIVE_UP_AFTER
    if has_given_up:
        change["gave_up_at"] = now
    with transaction.atomic():
        if Letter.objects.filter(pk=letter.pk).update(**change) and has_given_up:
            Event.objects.create(inquiry_id=letter.inquiry_id, kind=Event.Kind.LETTER_FAILED, detail=letter.name)
    _log.warning("letter not sent", exc_info=error, extra={"letter": letter.name, "tries": letter.tries})
