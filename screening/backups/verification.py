"""Proves a backup as soon as it is written: reads it back from the disk, restores it on trial, decrypts every value.

The machine cannot open its backups later, so each is also encrypted to an identity that lives in this process's memory
until the proof is done.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from pyrage.x25519 import Identity

from screening.backups import age_format
from screening.backups.content import differing_tables, engine, split_manifest
from screening.privacy.backup_directory import BackupError
from screening.privacy.key_rotation import key_report


class NotProven(Exception):
    """The backup could not be restored on trial; the message is one sentence."""


def prove(path: Path, identity: Identity) -> float:
    """Restore a backup on trial, and throw the result away; returns the seconds it took. Raises NotProven."""
    started = time.monotonic()
    try:
        with path.open("rb") as file:
            # What was just written is still in memory; drop it, so that the disk is read.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            manifest, content = split_manifest(age_format.decrypt(file, [identity]))
            with engine().restored_on_trial(content) as database:
                _compare(database, manifest["rows"])
    except (age_format.WrongIdentity, age_format.Damaged, ValueError):
        raise NotProven("what is on the disk is not what was written.") from None
    except BackupError as error:
        raise NotProven(str(error)) from None
    except (OSError, sqlite3.Error, Error) as error:
        reason = error.strerror if isinstance(error, OSError) else type(error).__name__
        raise NotProven(f"there was no place to restore it on trial: {reason}.") from error
    return time.monotonic() - started


def _compare(database: BaseDatabaseWrapper, rows: dict[str, int]) -> None:
    """Raise NotProven unless rows are those of the manifest and every encrypted value can be decrypted."""
    if differing := differing_tables(database, rows):
        raise NotProven(f"these tables have another number of rows: {', '.join(differing)}.")
    with _reachable(database):
        unreadable = key_report(database.alias).undecryptable
    if unreadable:
        raise NotProven(f"{len(unreadable)} encrypted values cannot be decrypted with FIELD_KEYS.")


@contextmanager
def _reachable(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Let querysets reach the trial database by its alias, in this thread."""
    connections[database.alias] = database
    try:
        yield
    finally:
        del connections[database.alias]
