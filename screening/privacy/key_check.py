"""Proves that INDEX_KEY and FIELD_KEYS are those of the database, by a known value that is stored under both.

With another key the site would seem to work, while it writes what the right key cannot find, verify or decrypt. So
web, worker, backup, purge and the erasure log do nothing before the keys are proven.
"""

import uuid
from typing import Any

from django.db import models

from screening.privacy.blind_index import blind_index
from screening.privacy.encryption import DecryptionError, EncryptedField
from screening.privacy.key_rotation import first_values

_ROW = uuid.UUID(int=1)
_VALUE = "key check"
_INDEX_KEY = "INDEX_KEY is not the key of this database: set it as it was (see docs/operations.md)."
_FIELD_KEYS = "FIELD_KEYS do not decrypt this database: set all of them as they were (see docs/operations.md)."


class WrongKeys(Exception):
    """A key is not the one that the database was written with; the message is one sentence."""


class KeyCheck(models.Model):
    """One row: a known value as a keyed hash and encrypted. `rotate_keys` re-encrypts it like any other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hashed = models.CharField(max_length=32)
    encrypted = EncryptedField()


def prove_keys() -> None:
    """Raise WrongKeys if a key is not that of the database. On first use, write the row with the keys of now."""
    check = KeyCheck.objects.filter(pk=_ROW).first() or _write_row()
    if check.hashed != blind_index(_VALUE, _VALUE):
        raise WrongKeys(_INDEX_KEY)
    try:
        check.encrypted  # noqa: B018 (decrypts)
    except DecryptionError:
        raise WrongKeys(_FIELD_KEYS) from None


def write_row(**kwargs: Any) -> None:
    """Write the row after the first `migrate`, unless the keys do not decrypt what is there."""
    if not KeyCheck.objects.filter(pk=_ROW).exists() and _decrypts_something():
        _write_row()


def _write_row() -> KeyCheck:
    if not _decrypts_something():
        raise WrongKeys(_FIELD_KEYS)
    values = {"hashed": blind_index(_VALUE, _VALUE), "encrypted": _VALUE}
    return KeyCheck.objects.get_or_create(pk=_ROW, defaults=values)[0]


def _decrypts_something() -> bool:
    """Whether a value of a database that was in use before can be decrypted, or there is none."""
    found = list(first_values())
    return not found or any(value.is_readable for value in found)
