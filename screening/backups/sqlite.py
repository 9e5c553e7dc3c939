"""Dumps a SQLite database as a stream of bytes, and loads such a stream into a new file."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from screening.privacy.backup_directory import BackupError, fsync_path

ENGINE = "sqlite"
_PART = 1024 * 1024
_COPY_PREFIX = ".backing-up-"
_STALE_AFTER = 60 * 60  # seconds; longer than a copy is needed


@contextmanager
def dump(excluded: list[str]) -> Iterator[tuple[dict[str, int], Iterator[bytes]]]:
    """Row counts by table and the bytes of a copy without the rows of the ``excluded`` tables.

    The copy is made in one step, which blocks writers: in several steps, each write would restart SQLite's backup.
    VACUUM removes deleted rows from the copy.
    """
    database = _file()
    with tempfile.TemporaryDirectory(prefix=_COPY_PREFIX, dir=database.parent) as name:
        copy = Path(name) / "copy"
        with closing(sqlite3.connect(database, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
            target.execute("PRAGMA synchronous = OFF")
            source.backup(target)
        with closing(sqlite3.connect(copy, isolation_level=None)) as copied:
            copied.execute("PRAGMA synchronous = OFF")
            for table in excluded:
                copied.execute(f'DELETE FROM "{table}"')  # noqa: S608
            copied.execute("VACUUM")
            rows = {table: _count(copied, table) for table in _tables(copied)}
        yield rows, _parts(copy)


def delete_stale_copies() -> int:
    """Delete copies left by killed processes; returns how many."""
    limit = time.time() - _STALE_AFTER
    stale = [path for path in _file().parent.glob(f"{_COPY_PREFIX}*") if path.stat().st_mtime < limit]
    for path in stale:
        shutil.rmtree(path, ignore_errors=True)
    return len(stale)


def is_empty() -> bool:
    database = _file()
    if not database.exists():
        return True
    with closing(sqlite3.connect(database)) as opened:
        return not _tables(opened)


def load(parts: Iterable[bytes], marker: str) -> None:
    """Create the database from a dump, all or nothing, with an extra table named ``marker``."""
    database = _file()
    connection.close()
    partial = database.with_name(f"{database.name}.restoring")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600)
        with partial.open("wb") as file:
            file.writelines(parts)
        with closing(sqlite3.connect(partial)) as restored:
            if restored.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError("The database in the backup is damaged.")
            restored.execute(f'CREATE TABLE "{marker}" (since integer)')
            restored.commit()
        fsync_path(partial)
        partial.replace(database)
        fsync_path(database.parent)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def restored_on_trial(parts: Iterable[bytes]) -> Iterator[BaseDatabaseWrapper]:
    """A dump as a database of its own, which is deleted afterwards. Raises BackupError if it is damaged."""
    with tempfile.TemporaryDirectory(prefix=_COPY_PREFIX, dir=_file().parent) as name:
        file = Path(name) / "trial"
        with file.open("wb") as written:
            written.writelines(parts)
        database = connection.copy("trial")
        database.settings_dict["NAME"] = file
        try:
            with database.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                if cursor.fetchone() != ("ok",):
                    raise BackupError("the database in it is damaged.")
            yield database
        finally:
            database.close()


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _tables(opened: sqlite3.Connection) -> list[str]:
    found = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return [name for (name,) in found]


def _count(opened: sqlite3.Connection, table: str) -> int:
    (count,) = opened.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return int(count)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_PART), b"")
