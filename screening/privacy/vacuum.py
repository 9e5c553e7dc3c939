"""VACUUM FULL on PostgreSQL, to remove erased values from its files and statistics. SQLite overwrites them at once.

A plain VACUUM leaves the bytes in the freed space, so each table is rewritten at night, under a lock. ANALYZE copies
sample values into pg_statistic: encrypted columns are excluded, since no query searches by them. Blind indexes need
statistics, or a search scans the whole table, so theirs are renewed at night.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field

from screening.privacy.blind_index import blind_index_fields
from screening.privacy.key_rotation import encrypted_fields

LOCK_TIMEOUT = "5s"  # queries queue behind a waiting VACUUM, so it gives up and the task is retried
STATISTICS = "pg_statistic"

_SAMPLED = "SELECT attstattarget IS DISTINCT FROM 0 FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = %s"


def vacuum_full(now: datetime) -> None:
    """Rewrite every table with an encrypted or blind-index column, and the statistics of the latter."""
    if connection.vendor != "postgresql":
        return
    indexes = blind_index_fields()
    tables = {field.model._meta.db_table for field in (*encrypted_fields(), *indexes)}
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        try:
            for table in sorted(tables):
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
            for field in indexes:
                _drop_statistics(cursor, field)
                cursor.execute(f"ANALYZE {connection.ops.quote_name(field.model._meta.db_table)}")
            cursor.execute(f"VACUUM (FULL) {STATISTICS}")
        finally:
            cursor.execute("RESET lock_timeout")


def exclude_from_statistics(**kwargs: Any) -> None:
    """Exclude encrypted columns from ANALYZE and drop their statistics; runs after each `migrate`.

    `vacuum_full` removes the bytes of dropped statistics.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for field in encrypted_fields():
            table, column = _quoted_names(field)
            cursor.execute(_SAMPLED, [table, field.column])
            if cursor.fetchone() == (True,):
                _drop_statistics(cursor, field)
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _drop_statistics(cursor: CursorWrapper, field: Field) -> None:
    """Set the column to its own type, which drops its statistics without a rewrite; SET STATISTICS keeps old ones."""
    table, column = _quoted_names(field)
    cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {field.db_type(connection)}")


def _quoted_names(field: Field) -> tuple[str, str]:
    return connection.ops.quote_name(field.model._meta.db_table), connection.ops.quote_name(str(field.column))
