"""Inserts rows with a cached statement: building the five INSERTs took half the time of a submission."""

from collections.abc import Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Field, Model

from screening.privacy.encryption import Ciphertext

_UNCONVERTED_TYPES = {type(None), str, Ciphertext, int, bool}  # other types need the backend's conversion


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert one or more rows of one model; generated keys are not read back.

    Each field's pre_save() runs as in save(), so encrypted fields are encrypted.
    """
    database = connections[DEFAULT_DB_ALIAS]
    fields = _inserted_fields(type(rows[0]))
    pre_saved = [(field, field.pre_save(row, add=True)) for row in rows for field in fields]
    values = [
        value if type(value) in _UNCONVERTED_TYPES else field.get_db_prep_save(value, database)
        for field, value in pre_saved
    ]
    with database.cursor() as cursor:
        cursor.execute(_insert_statement(type(rows[0]), len(rows)), values)
    for row in rows:
        row._state.adding, row._state.db = False, database.alias  # so that a later save() is an UPDATE


@lru_cache
def _inserted_fields(model: type[Model]) -> tuple[Field, ...]:
    """All concrete fields but those that the database generates."""
    fields = model._meta.concrete_fields
    return tuple(field for field in fields if not field.generated and not isinstance(field, AutoField))


@lru_cache
def _insert_statement(model: type[Model], count: int) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = [quote(field.column) for field in _inserted_fields(model) if field.column]  # a concrete field has one
    row = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608
