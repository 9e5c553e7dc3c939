"""A stream of any length, encrypted in chunks that each prove themselves, their place, and which one is the last.

A prefix of 61 bytes: what the file is, a salt, and a check of the key. Then chunks of AES-256-GCM. The key is derived
from BACKUP_KEY and the salt, so it is used for one file alone; the nonce counts the chunks and marks the last. What was
changed, swapped, cut off or added is noticed.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KIND = b"crc backup 1\n"
CHUNK = 1024 * 1024  # bytes, of what is encrypted
_SALT, _CHECK, _TAG = 32, 16, 16  # bytes


class NotOurs(Exception):
    """The file does not begin as a backup does."""


class WrongKey(Exception):
    """Another key made the file, or its beginning is damaged."""


class Damaged(Exception):
    """A chunk is not as it was written, or the end is missing."""


def sealed(parts: Iterable[bytes], secret: str) -> Iterator[bytes]:
    """What belongs into the file, for parts of any size."""
    salt = secrets.token_bytes(_SALT)
    cipher, check = _derived(secret, salt)
    prefix = KIND + salt + check
    yield prefix
    for number, (chunk, is_last) in enumerate(_and_whether_last(_cut(parts))):
        yield cipher.encrypt(_nonce(number, is_last), chunk, prefix)


def opened(file: BinaryIO, secret: str) -> Iterator[bytes]:
    """The content in chunks; raises NotOurs or WrongKey before the first, Damaged where it is not as it was written.

    Only who has read it to its end knows that it is whole.
    """
    prefix = file.read(len(KIND) + _SALT + _CHECK)
    if not prefix.startswith(KIND) or len(prefix) < len(KIND) + _SALT + _CHECK:
        raise NotOurs
    cipher, check = _derived(secret, prefix[len(KIND) : -_CHECK])
    if not secrets.compare_digest(check, prefix[-_CHECK:]):
        raise WrongKey
    number = -1
    for number, (piece, is_last) in enumerate(_and_whether_last(iter(lambda: file.read(CHUNK + _TAG), b""))):
        try:
            yield cipher.decrypt(_nonce(number, is_last), piece, prefix)
        except InvalidTag:
            raise Damaged from None
    if number < 0:
        raise Damaged


def _derived(secret: str, salt: bytes) -> tuple[AESGCM, bytes]:
    derived = HKDF(SHA256(), length=32 + _CHECK, salt=salt, info=KIND).derive(secret.encode())
    return AESGCM(derived[:32]), derived[32:]


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _cut(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of one size; the last may be smaller, and is empty when there are none."""
    held = bytearray()
    for part in parts:
        held += part
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    yield bytes(held)


def _and_whether_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    before = next(chunks, None)
    if before is None:
        return
    for chunk in chunks:
        yield before, False
        before = chunk
    yield before, True
