"""Whose turn it is to write to a SQLite file: one thread of one process, held by a lock on a file beside the database.

SQLite itself makes those who wait sleep ever longer, up to a tenth of a second, so under load the latest comer goes
first and the one who has waited longest last. Here all who wait look equally often. The lock is the kernel's: whoever
dies while holding it has given it back.
"""

import fcntl
import os
import random
import time
from pathlib import Path

SUFFIX = "-turn"
_POLL_INTERVAL = (0.002, 0.004)  # about as long as a turn: each look takes the core from whoever has it


class WriteLock:
    """One connection's place; never to be shared between threads."""

    def __init__(self, database: str | Path) -> None:
        # Never the database's own file: closing any handle to that would give back SQLite's locks on it.
        self._path = f"{database}{SUFFIX}"
        self._handle: int | None = None

    def take(self, patience: float) -> bool:
        """Wait for the turn, at most ``patience`` seconds; returns whether the wait was long enough.

        Where no file can be made, as on a disk that is read-only or full, nobody waits: SQLite's own lock is what keeps
        the data whole.
        """
        try:
            self._handle = os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600)
        except OSError:
            return True
        end = time.monotonic() + patience
        while not (taken := self._is_free()) and time.monotonic() < end:
            time.sleep(random.uniform(*_POLL_INTERVAL))  # noqa: S311 (no secret)
        return taken

    def _is_free(self) -> bool:
        """Try to take the lock; returns whether it was free."""
        if self._handle is None:
            return False
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def give_back(self) -> None:
        """For others; does nothing when it was not taken."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
