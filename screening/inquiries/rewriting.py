"""PostgreSQL leaves what was erased in its files until they are written anew; SQLite overwrites it at once.

A plain VACUUM frees the place and leaves the bytes in it, so the tables are rewritten, at night: each is closed to
everybody for as long as that takes.
"""

from datetime import datetime

from django.db import connection

from screening.inquiries.resealing import sealed_fields
from screening.models import IndexToken

LONGEST_WAIT = "5s"  # for somebody who holds a table; whoever comes later waits as well, so it is tried again then


def rewrite(now: datetime) -> None:
    """Write all tables anew that hold something sealed or keyed hashes of a person."""
    if connection.vendor != "postgresql":
        return
    tables = {field.model._meta.db_table for field in sealed_fields()} | {IndexToken._meta.db_table}
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LONGEST_WAIT}'")
        try:
            for table in sorted(tables):
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
        finally:
            cursor.execute("RESET lock_timeout")
