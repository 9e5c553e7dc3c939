"""The process that sends the letters and keeps the schedules, until told to stop. Many may run beside each other."""

import logging
import signal
import threading
from contextlib import contextmanager

from django.db import DatabaseError, InterfaceError, close_old_connections

from screening.inquiries import schedules, sending

STOPPING_GRACE = 3  # seconds for the message under way when the worker is told to stop
PAUSE = 1.0  # seconds between two looks at the tables

_log = logging.getLogger("crc.worker")


class TookTooLong(Exception):
    """The message's wall-clock limit is over."""


class Worker:
    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._is_sending = False

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; returns when the message under way is done or its grace is over."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        _log.info("worker started")
        while not self.stopping.is_set():
            try:
                busy = self.send_next()
                schedules.run_due()
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
        letter = sending.lease()
        if letter is None:
            return False
        sending.send(letter, self._wall_clock)
        return True

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
