"""Sealed fields: encrypted at rest, bound to their row and field; and the blind index that makes them searchable."""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core import checks
from django.db import models
from django.db.models.lookups import Exact


class DecryptionError(Exception):
    """A sealed value cannot be opened: a wrong key, or a text that belongs elsewhere. Names the field, no content."""


class Ciphertext(str):
    """A sealed value as it lies in the database."""

    __slots__ = ()


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(value: Any, *, row: str, field: str) -> Ciphertext:
    """Encrypt a JSON value in an envelope that names its row and field, with the newest of FIELD_KEYS."""
    envelope = json.dumps({"row": row, "field": field, "value": value}, ensure_ascii=False, separators=(",", ":"))
    return Ciphertext(_fernet(tuple(settings.FIELD_KEYS)).encrypt(envelope.encode()).decode())


def decrypt(ciphertext: str, *, row: str, field: str) -> Any:
    """The value, or SealBroken when the key is wrong or the text was cut, swapped or brought from elsewhere."""
    try:
        envelope = json.loads(_fernet(tuple(settings.FIELD_KEYS)).decrypt(ciphertext.encode()))
    except (InvalidToken, ValueError):
        raise DecryptionError(f"{field} cannot be opened with FIELD_KEYS") from None
    if (envelope["row"], envelope["field"]) != (row, field):
        raise DecryptionError(f"{field} holds a value of another row or field")
    return envelope["value"]


def is_encrypted_with_newest_key(ciphertext: str) -> bool:
    """Whether the newest of FIELD_KEYS alone opens it; says nothing about row and field."""
    try:
        _fernet(tuple(settings.FIELD_KEYS[:1])).decrypt(ciphertext.encode())
    except InvalidToken:
        return False
    return True


def reencrypt(ciphertext: str, *, row: str, field: str) -> Ciphertext:
    """The same value sealed with the newest of FIELD_KEYS; raises SealBroken where it cannot be opened."""
    return encrypt(decrypt(ciphertext, row=row, field=field), row=row, field=field)


class _DecryptingAttribute:
    """Opens on reading, so that listing rows decrypts nothing; what was only loaded is written back untouched.

    Each reading opens the value anew: to change it, assign a new one; a change inside what was read is not kept.
    """

    def __init__(self, field: "EncryptedField"):
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None):
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        held = instance.__dict__[name]
        if not isinstance(held, Ciphertext):
            return held
        return decrypt(held, row=str(instance.pk), field=self.field.label)

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class AsStored(Exact):
    """Finds the row whose ciphertext is still the one that was read, to the letter."""

    lookup_name = "as_stored"

    def get_rhs_op(self, connection, rhs: str) -> str:
        return f"= {rhs}"


class EncryptedField(models.TextField):
    """Any JSON value, encrypted; None stays NULL. It is written by save(), and looked up by isnull and as_stored."""

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def contribute_to_class(self, cls, name, **kwargs) -> None:
        super().contribute_to_class(cls, name, **kwargs)
        setattr(cls, self.attname, _DecryptingAttribute(self))

    def from_db_value(self, value, expression, connection) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:
        held = model_instance.__dict__.get(self.attname)
        if held is None or isinstance(held, Ciphertext):
            return held
        return encrypt(held, row=str(model_instance.pk), field=self.label)

    def get_prep_value(self, value):
        if value is None or isinstance(value, Ciphertext):
            return value
        raise TypeError(f"{self.label} is sealed: change it through save()")

    def get_lookup(self, lookup_name):
        if lookup_name == AsStored.lookup_name:
            return AsStored
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def to_python(self, value):
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.pre_save(obj, add=False) or "")

    def check(self, **kwargs) -> list:
        errors = super().check(**kwargs)
        if not isinstance(self.model._meta.pk, models.UUIDField):
            errors.append(checks.Error("A sealed field needs a UUID primary key: it is bound to it.", obj=self))
        return errors
