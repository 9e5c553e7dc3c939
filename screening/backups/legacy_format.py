"""Reads backups in the format of release 0.1; new ones are in the age format.

A prefix of 61 bytes: magic, salt and a key check value. Then chunks of AES-256-GCM under a key derived (HKDF-SHA256)
from BACKUP_KEY and the salt; the nonce counts the chunks and marks the last (STREAM, Hoang et al. 2015).
"""

import secrets
from collections.abc import Iterator
from io import BufferedReader

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"crc backup 1\n"
CHUNK = 1024 * 1024  # bytes of plaintext
SALT, CHECK, TAG = 32, 16, 16  # bytes
PREFIX = len(MAGIC) + SALT + CHECK


class WrongKey(Exception):
    """The file was encrypted with another key, or its prefix is damaged."""


class Damaged(Exception):
    """A chunk was changed, or the file is truncated."""


def decrypt(file: BufferedReader, secret: str) -> Iterator[bytes]:
    """Yield the content in chunks. Raises WrongKey before the first chunk, Damaged if it was changed or cut.

    The content is verified as complete only when the iterator is exhausted.
    """
    prefix = file.read(PREFIX)
    if len(prefix) < PREFIX:
        raise Damaged
    cipher, check = derive(secret, prefix[len(MAGIC) : -CHECK])
    if not secrets.compare_digest(check, prefix[-CHECK:]):
        raise WrongKey
    chunk = file.read(CHUNK + TAG)
    if not chunk:
        raise Damaged
    number = 0
    while chunk:
        following = file.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(nonce(number, is_last=not following), chunk, prefix)
        except InvalidTag:
            raise Damaged from None
        number, chunk = number + 1, following


def derive(secret: str, salt: bytes) -> tuple[AESGCM, bytes]:
    """The cipher of one file, and its key check value."""
    derived = HKDF(SHA256(), length=32 + CHECK, salt=salt, info=MAGIC).derive(secret.encode())
    return AESGCM(derived[:32]), derived[32:]


def nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
