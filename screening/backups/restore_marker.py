"""The marker table of an unfinished restore: the erasure log is not applied yet, so the database must not be used."""

from django.db import connection

TABLE = "restore_unfinished"


def is_restore_unfinished() -> bool:
    return TABLE in connection.introspection.table_names()


def clear_marker() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
