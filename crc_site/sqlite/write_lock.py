"""A lock for writing to a SQLite file, held by one thread of one process: flock on a file beside the database.

SQLite's own wait sleeps ever longer, up to a tenth of a second, so under load the newest writer goes first and the
oldest last. Here all waiting writers poll equally often. The kernel releases the lock if its process dies.
"""

import fcntl
import os
import random
import time
from pathlib import Path

SUFFIX = "-turn"
_POLL_INTERVAL = (0.002, 0.004)  # seconds, about one transaction; each poll takes CPU from the writer


class WriteLock:
    """The lock of one connection; not to be shared between threads."""

    def __init__(self, database: str | Path) -> None:
        # Not the database's own file: closing any handle to it would release SQLite's locks on it.
        self._path = f"{database}{SUFFIX}"
        self._handle: int | None = None

    def acquire(self, patience: float) -> bool:
        """Wait at most ``patience`` seconds for the lock; return False on a timeout.

        If the lock file cannot be created (a read-only or full disk), return True without a lock: SQLite's own lock
        still protects the data.
        """
        try:
            self._handle = os.open(self._path, os.O_RDONLY | os.O_CREAT, 0o600)
        except OSError:
            return True
        end = time.monotonic() + patience
        while not (taken := self._try_lock()) and time.monotonic() < end:
            time.sleep(random.uniform(*_POLL_INTERVAL))  # noqa: S311 (no secret)
        return taken

    def _try_lock(self) -> bool:
        """Take the lock if it is free; return whether it was."""
        if self._handle is None:
            return False
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Release the lock, if taken."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
