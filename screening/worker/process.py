"""The worker process: delivers letters and runs periodic tasks until SIGTERM. Several may run at once.

It tells systemd that it works in each round (sd_notify), so that one that hangs is restarted.
"""

import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, close_old_connections
from gunicorn.systemd import sd_notify

from screening.outbox import delivery
from screening.privacy.key_check import prove_keys
from screening.worker import scheduler

STOPPING_GRACE = 3  # seconds to finish after SIGTERM
POLL_INTERVAL = 1.0  # seconds between two polls of the tables
LETTER_INTERVAL = 0.05  # seconds between two letters, so that submissions get the database
MAIL_PAUSE = 240.0  # seconds without letters after the mail server has refused the site itself
HANG_LIMIT = 60  # seconds beyond a limit after which systemd restarts the worker; WatchdogSec in crc-worker.service

_log = logging.getLogger("crc.worker")


class TimeLimitExceeded(Exception):
    """The wall-clock limit of a message or a task is exceeded."""


class Worker:
    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._is_busy = self._has_right_keys = False
        self._next_check = time.monotonic()  # of periodic tasks
        self._next_letter = time.monotonic()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish the current letter or task within STOPPING_GRACE.

        Raises WrongKeys before it does anything.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        with _database_may_be_away():
            self._prove_keys()
        _notify("READY=1")
        _log.info("worker started")
        while not self.stopping.is_set():
            _notify("WATCHDOG=1")
            is_busy = False
            with _database_may_be_away():
                is_busy = self._work()
            close_old_connections()
            self.stopping.wait(LETTER_INTERVAL if is_busy else POLL_INTERVAL)
        _log.info("worker stopped")

    def _prove_keys(self) -> None:
        if not self._has_right_keys:
            prove_keys()
            self._has_right_keys = True

    def _work(self) -> bool:
        """Send one letter and look for tasks once a second; returns whether there was a letter."""
        self._prove_keys()
        is_busy = self.send_next()
        if time.monotonic() >= self._next_check:
            self.run_due()
            self._next_check = time.monotonic() + POLL_INTERVAL
        return is_busy

    def _stop(self, number: int, frame: object) -> None:
        _notify("STOPPING=1")
        self.stopping.set()
        if self._is_busy:
            signal.setitimer(signal.ITIMER_REAL, STOPPING_GRACE)

    def send_next(self) -> bool:
        """Send one due letter; returns whether there was one.

        If the mail server refuses the site itself, all letters wait for MAIL_PAUSE, or until the worker is restarted.
        """
        if time.monotonic() < self._next_letter:
            return False
        letter = delivery.lease_letter()
        if letter is None:
            return False
        try:
            delivery.deliver(letter, self._wall_clock)
        except delivery.SenderRefused as error:
            self._next_letter = time.monotonic() + MAIL_PAUSE
            _log.error("mail server refuses the site: letters wait", exc_info=error.__cause__)
        return True

    def run_due(self) -> None:
        """Run the due tasks, within the duration of a lease."""
        with suppress(TimeLimitExceeded), self._wall_clock(scheduler.LEASE.total_seconds()):
            scheduler.run_due()

    @contextmanager
    def _wall_clock(self, seconds: float) -> Iterator[None]:
        """Raise TimeLimitExceeded in the body after ``seconds``."""

        def on_alarm(number: int, frame: object) -> None:
            raise TimeLimitExceeded

        previous_handler = signal.signal(signal.SIGALRM, on_alarm)
        self._is_busy = True
        _limit_hang(seconds)
        # If SIGTERM came between the lease and this line, only the grace period is left.
        signal.setitimer(signal.ITIMER_REAL, STOPPING_GRACE if self.stopping.is_set() else seconds)
        try:
            yield
        finally:
            self._is_busy = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous_handler)
            _limit_hang(0)


@contextmanager
def _database_may_be_away() -> Iterator[None]:
    """Log an error of the database and go on: the worker waits for it."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        _log.warning("database unavailable", exc_info=error)


def _limit_hang(seconds: float) -> None:
    """Let systemd wait for ``seconds`` of work and HANG_LIMIT before it restarts the worker."""
    _notify(f"WATCHDOG=1\nWATCHDOG_USEC={int((seconds + HANG_LIMIT) * 1_000_000)}")


def _notify(state: str) -> None:
    """Tell systemd; nothing happens elsewhere, where NOTIFY_SOCKET is not set."""
    sd_notify(state, _log)
