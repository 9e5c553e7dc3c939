"""Inserts rows of one model by a cached statement: building the five INSERTs took half the time of a submission."""

from collections.abc import Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Field, Model

from screening.privacy.encryption import Ciphertext

_UNCONVERTED_TYPES = {type(None), str, Ciphertext, int, bool}  # other types have a form of their own in each database


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert at least one row of one model; generated keys are not read back.

    Each field prepares its value as for save(), so encrypted fields are encrypted.
    """
    database = connections[DEFAULT_DB_ALIAS]
    columns = _columns(type(rows[0]))
    held = [(column, column.pre_save(row, add=True)) for row in rows for column in columns]
    values = [
        value if type(value) in _UNCONVERTED_TYPES else column.get_db_prep_save(value, database)
        for column, value in held
    ]
    with database.cursor() as cursor:
        cursor.execute(_insert_statement(type(rows[0]), len(rows)), values)
    for row in rows:
        row._state.adding, row._state.db = False, database.alias  # so that save() changes the row from now on


@lru_cache
def _columns(model: type[Model]) -> tuple[Field, ...]:
    """The columns to insert: all but those that the database generates."""
    fields = model._meta.concrete_fields
    return tuple(field for field in fields if not field.generated and not isinstance(field, AutoField))


@lru_cache
def _insert_statement(model: type[Model], count: int) -> str:
    name = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(name(field.column) for field in _columns(model))
    row = f"({', '.join(['%s'] * len(_columns(model)))})"
    return f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * count)}"  # noqa: S608
