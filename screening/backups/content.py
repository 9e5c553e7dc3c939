"""What is in a backup: a line of JSON (the manifest), then the database, in the form of its engine."""

import json
from collections.abc import Iterator
from itertools import chain
from types import ModuleType
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from screening.backups import postgresql, restore_marker, sqlite


def engine() -> ModuleType:
    """The module for this database engine: `sqlite` or `postgresql`."""
    return sqlite if connection.vendor == sqlite.ENGINE else postgresql


def split_manifest(parts: Iterator[bytes]) -> tuple[dict[str, Any], Iterator[bytes]]:
    """The manifest, and the bytes of the database after it. Raises ValueError without a manifest."""
    beginning = b""
    for part in parts:
        beginning += part
        line, end, rest = beginning.partition(b"\n")
        if end:
            return json.loads(line), chain([rest], parts)
    raise ValueError


def differing_tables(database: BaseDatabaseWrapper, rows: dict[str, int]) -> list[str]:
    """The tables whose row count in a restored database differs from the manifest's ``rows``."""
    with database.cursor() as cursor:
        tables = database.introspection.table_names(cursor)  # SQLite's own, such as sqlite_stat1, are in no backup
        found = {table for table in tables if not table.startswith("sqlite_")} - {restore_marker.TABLE}
        return sorted(table for table in found | set(rows) if count_rows(cursor, table, found) != rows.get(table))


def count_rows(cursor: CursorWrapper, table: str, found: set[str]) -> int | None:
    if table not in found:
        return None
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    (count,) = cursor.fetchone()
    return int(count)
