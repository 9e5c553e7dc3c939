"""A lock around `migrate`, since two machines or services may both begin with it: the second waits for the first.

PostgreSQL: an advisory lock of the database. SQLite: flock on a file beside it. Either is released if its holder dies.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_ADVISORY_LOCK = 0x6372632D6D6967  # "crc-mig"
_SUFFIX = "-migrating"


@contextmanager
def migration_lock(alias: str, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of a database; ``on_wait`` is called if it must be waited for."""
    database = connections[alias]
    lock = _advisory_lock if database.vendor == "postgresql" else _file_lock
    with lock(database, on_wait):
        yield


@contextmanager
def _advisory_lock(database: BaseDatabaseWrapper, on_wait: Callable[[], None]) -> Iterator[None]:
    holder = database.copy()  # of its own, since a migration may close or break the other
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ADVISORY_LOCK])
            if cursor.fetchone() == (False,):
                on_wait()
                cursor.execute("SET lock_timeout = 0")
                cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
        yield
    finally:
        holder.close()


@contextmanager
def _file_lock(database: BaseDatabaseWrapper, on_wait: Callable[[], None]) -> Iterator[None]:
    # Not the database's own file: closing any handle to it would release SQLite's locks on it.
    handle = os.open(f"{database.settings_dict['NAME']}{_SUFFIX}", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
