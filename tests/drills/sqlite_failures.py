"""Failures of a SQLite database under a running site, each a context manager."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.drills.environment import Ground
from tests.served import HANG


@contextmanager
def full(ground: Ground) -> Iterator[None]:
    """SQLite reports "database or disk is full" when it needs another page; free pages are released first."""
    ground.execute("VACUUM")
    with every_connection_begins_with(ground, "PRAGMA max_page_count = 1"):
        yield


@contextmanager
def read_only(ground: Ground) -> Iterator[None]:
    with every_connection_begins_with(ground, "PRAGMA query_only = ON"):
        yield


@contextmanager
def every_connection_begins_with(ground: Ground, statement: str) -> Iterator[None]:
    ground.ailment.write_text(statement, encoding="utf-8")
    try:
        yield
    finally:
        ground.ailment.write_text("", encoding="utf-8")


@contextmanager
def locked(ground: Ground) -> Iterator[None]:
    """Another program has the database locked exclusively."""
    with closing(sqlite3.connect(database_file(ground), timeout=HANG, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def gone(ground: Ground) -> Iterator[None]:
    """The folder is missing, as on an unmounted disk."""
    folder = database_file(ground).parent
    away = folder.rename(folder.with_name("away"))
    try:
        yield
    finally:
        away.rename(folder)


def database_file(ground: Ground) -> Path:
    return Path(ground.site.environment["DATABASE_URL"].removeprefix("sqlite:///"))


AILMENTS = {"full": full, "read-only": read_only, "held by another": locked, "gone": gone}
