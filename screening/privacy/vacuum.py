"""VACUUM FULL on PostgreSQL, so that erased values leave its files and statistics. SQLite overwrites them at once.

A plain VACUUM frees the space and leaves the bytes in it, so the tables are rewritten at night; each is locked while
that runs. ANALYZE copies sample values into pg_statistic: encrypted columns are excluded from it, since nothing looks
for a ciphertext. Blind indexes need statistics, or a search scans the whole table, so theirs are renewed at night.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field

from screening.privacy.blind_index import blind_index_fields
from screening.privacy.key_rotation import encrypted_fields

LOCK_TIMEOUT = "5s"  # for somebody who holds a table; whoever comes later waits as well, so it is tried again then
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
    """After each `migrate`: of a sealed column, a new one too, no ANALYZE takes a sample; what one took is forgotten.

    The bytes of those go with the next rewriting.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for field in encrypted_fields():
            table, column = _names_of(field)
            cursor.execute(_SAMPLED, [table, field.column])
            if cursor.fetchone() == (True,):
                _drop_statistics(cursor, field)
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _drop_statistics(cursor: CursorWrapper, field: Field) -> None:
    """SET STATISTICS leaves what was taken before; a column that is given its type drops it, and nothing is copied."""
    table, column = _names_of(field)
    cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {field.db_type(connection)}")


def _names_of(field: Field) -> tuple[str, str]:
    return connection.ops.quote_name(field.model._meta.db_table), connection.ops.quote_name(str(field.column))
