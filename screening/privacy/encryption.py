"""Encrypted fields: AES-256-GCM with the table, row, field and key as associated data, padded to a few sizes.

Stored form: ``v2.<key id>.<base64url of nonce, ciphertext and tag>``. Each key is derived (HKDF-SHA256) from one of
FIELD_KEYS, which are Fernet keys: the first encrypts, all decrypt. The legacy format, a Fernet token of a JSON
envelope, is still read; `key_rotation` rewrites it.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import checks
from django.db import models
from django.db.models.lookups import Exact

VERSION = "v2"
MIN_SIZE = 512  # bytes of plaintext with padding; above it, the next power of two
_NONCE = 12  # bytes, random for each value: up to 2**32 values a key (NIST SP 800-38D, 8.3)


class DecryptionError(Exception):
    """A value cannot be decrypted: wrong key, changed, or of another row or field. Names the field, never content."""


class Ciphertext(str):
    """An encrypted value as stored in the database."""

    __slots__ = ()


@dataclass(frozen=True)
class _Key:
    """A derived key; ``id`` names it in stored values and reveals nothing about it."""

    id: str
    cipher: AESGCM


@lru_cache(maxsize=16)
def _derived(field_key: str) -> _Key:
    secret = urlsafe_b64decode(field_key)
    key_id = HKDF(SHA256(), 4, None, b"crc field encryption: key id").derive(secret).hex()
    return _Key(key_id, AESGCM(HKDF(SHA256(), 32, None, b"crc field encryption: AES-256-GCM").derive(secret)))


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(value: Any, *, row: str, field: str, min_size: int = MIN_SIZE) -> Ciphertext:
    """Encrypt a JSON value with the newest of FIELD_KEYS; ``field`` is the label of table and field.

    The plaintext is padded to ``min_size`` bytes, or to the next power of two if it is longer.
    """
    key, nonce = _derived(settings.FIELD_KEYS[0]), secrets.token_bytes(_NONCE)
    plaintext = _padded(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), min_size)
    encrypted = nonce + key.cipher.encrypt(nonce, plaintext, _associated_data(key.id, row, field))
    return Ciphertext(f"{VERSION}.{key.id}.{urlsafe_b64encode(encrypted).decode()}")


def decrypt(ciphertext: str, *, row: str, field: str) -> Any:
    """Decrypt a value. Raises DecryptionError for a wrong key, a changed value, or one of another row or field."""
    if not ciphertext.startswith(f"{VERSION}."):
        return _decrypt_fernet(ciphertext, row=row, field=field)
    key_id, _dot, encoded = ciphertext.removeprefix(f"{VERSION}.").partition(".")
    key = next((key for key in map(_derived, settings.FIELD_KEYS) if key.id == key_id), None)
    if key is None:
        raise DecryptionError(f"{field} cannot be opened with FIELD_KEYS")
    try:
        encrypted = urlsafe_b64decode(encoded)
        plaintext = key.cipher.decrypt(encrypted[:_NONCE], encrypted[_NONCE:], _associated_data(key.id, row, field))
        return json.loads(_unpadded(plaintext))
    except (InvalidTag, ValueError):
        raise DecryptionError(f"{field} was changed, or holds a value of another row or field") from None


def _associated_data(key_id: str, row: str, field: str) -> bytes:
    return json.dumps([VERSION, key_id, field, row]).encode()


def _padded(plaintext: bytes, min_size: int) -> bytes:
    """Pad by ISO/IEC 7816-4: one byte 0x80, then zeros."""
    size = max(min_size, 1 << len(plaintext).bit_length())
    return plaintext + b"\x80" + bytes(size - len(plaintext) - 1)


def _unpadded(plaintext: bytes) -> bytes:
    return plaintext[: plaintext.rindex(b"\x80")]


def _decrypt_fernet(ciphertext: str, *, row: str, field: str) -> Any:
    try:
        envelope = json.loads(_fernet(tuple(settings.FIELD_KEYS)).decrypt(ciphertext.encode()))
    except (InvalidToken, ValueError):
        raise DecryptionError(f"{field} cannot be opened with FIELD_KEYS") from None
    if (envelope["row"], envelope["field"]) != (row, field):
        raise DecryptionError(f"{field} holds a value of another row or field")
    return envelope["value"]


def is_encrypted_with_newest_key(ciphertext: str) -> bool:
    """Whether it has the current format and the newest key's id. Does not decrypt it."""
    return ciphertext.startswith(f"{VERSION}.{_derived(settings.FIELD_KEYS[0]).id}.")


def reencrypt(ciphertext: str, *, row: str, field: str, min_size: int = MIN_SIZE) -> Ciphertext:
    """Re-encrypt a value with the newest of FIELD_KEYS, in the current format. Raises DecryptionError."""
    return encrypt(decrypt(ciphertext, row=row, field=field), row=row, field=field, min_size=min_size)


class _DecryptingAttribute:
    """Decrypts on each access, so that loading rows decrypts nothing and save() writes unread values unchanged.

    Assign a new value to change it: a mutation of the returned object is lost.
    """

    def __init__(self, field: "EncryptedField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if not isinstance(value, Ciphertext):
            return value
        return decrypt(value, row=str(instance.pk), field=self.field.label)

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class AsStored(Exact):
    """Compares a column with a ciphertext as stored."""

    lookup_name = "as_stored"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"= {rhs}"


class EncryptedField(models.TextField):
    """An encrypted JSON value; None is NULL. Written only by save(); supports the lookups isnull and as_stored.

    ``min_size`` in bytes is chosen so that the usual values of the field have the same length. It is not part of the
    schema, so migrations do not contain it.
    """

    if TYPE_CHECKING:
        # The Python type of a value for django-stubs: any JSON value, and None if the field is null.
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

        def __get__(self, instance: Any, owner: Any) -> Any: ...

    def __init__(self, *args: Any, min_size: int = MIN_SIZE, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.min_size = min_size

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        setattr(cls, self.attname, _DecryptingAttribute(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Ciphertext):
            return value
        return encrypt(value, row=str(model_instance.pk), field=self.label, min_size=self.min_size)

    def get_prep_value(self, value: Any) -> Ciphertext | None:
        if value is None or isinstance(value, Ciphertext):
            return value
        raise TypeError(f"{self.label} is encrypted: change it through save()")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == AsStored.lookup_name:
            return AsStored
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.pre_save(obj, add=False) or "")

    def check(self, **kwargs: Any) -> list:
        errors = super().check(**kwargs)
        if not isinstance(self.model._meta.pk, models.UUIDField):
            errors.append(checks.Error("An encrypted field needs a UUID primary key: it is bound to it.", obj=self))
        return errors
