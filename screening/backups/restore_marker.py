"""The mark of a restored database that still holds whom the ledger has erased: nothing is to be done with it."""

from django.db import connection

TABLE = "restore_unfinished"


def is_restore_unfinished() -> bool:
    return TABLE in connection.introspection.table_names()


def clear_marker() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
