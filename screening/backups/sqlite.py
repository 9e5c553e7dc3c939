"""A SQLite database as a stream of bytes, as it was at one moment, and a file made of such a stream."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection

from screening.privacy.backup_directory import BackupError, fsync_path

ENGINE = "sqlite"
_PART = 1024 * 1024
_COPIES = ".backing-up-"
_DEAD_AFTER = 60 * 60  # seconds; longer than a copy is needed


@contextmanager
def dump(left_out: list[str]) -> Iterator[tuple[dict[str, int], Iterator[bytes]]]:
    """How many rows each table has, and the bytes; of the tables ``left_out`` the rows stay behind.

    It is copied in one step, since SQLite begins anew after every write of others; they wait as long as the disk needs
    for it. What is deleted then and what was deleted before goes from the copy with VACUUM.
    """
    database = _file()
    with tempfile.TemporaryDirectory(prefix=_COPIES, dir=database.parent) as name:
        copy = Path(name) / "copy"
        with closing(sqlite3.connect(database, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
            target.execute("PRAGMA synchronous = OFF")
            source.backup(target)
        with closing(sqlite3.connect(copy, isolation_level=None)) as held:
            held.execute("PRAGMA synchronous = OFF")
            for table in left_out:
                held.execute(f'DELETE FROM "{table}"')  # noqa: S608
            held.execute("VACUUM")
            rows = {table: _count(held, table) for table in _tables(held)}
        yield rows, _parts(copy)


def delete_stale_copies() -> int:
    """Remove the copies that killed processes have left; returns how many."""
    dead = [left for left in _file().parent.glob(f"{_COPIES}*") if time.time() - left.stat().st_mtime > _DEAD_AFTER]
    for left in dead:
        shutil.rmtree(left, ignore_errors=True)
    return len(dead)


def is_empty() -> bool:
    database = _file()
    if not database.exists():
        return True
    with closing(sqlite3.connect(database)) as held:
        return not _tables(held)


def load(parts: Iterable[bytes], mark: str) -> None:
    """Make the database of such bytes; ``mark`` is a table that it has beside its own. It is there whole or not."""
    database = _file()
    connection.close()
    coming = database.with_name(f"{database.name}.restoring")
    coming.unlink(missing_ok=True)
    try:
        coming.touch(mode=0o600)
        with coming.open("wb") as file:
            file.writelines(parts)
        with closing(sqlite3.connect(coming)) as held:
            if held.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise BackupError("The database in the backup is damaged.")
            held.execute(f'CREATE TABLE "{mark}" (since integer)')
            held.commit()
        fsync_path(coming)
        coming.replace(database)
        fsync_path(database.parent)
    finally:
        coming.unlink(missing_ok=True)


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _tables(held: sqlite3.Connection) -> list[str]:
    found = held.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    return [name for (name,) in found]


def _count(held: sqlite3.Connection, table: str) -> int:
    (count,) = held.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return int(count)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(_PART), b"")
