"""Files in the age format (age-encryption.org/v1), which `age --decrypt` opens on any machine.

They are encrypted to public keys, BACKUP_RECIPIENTS. The private key, in age's words the identity, is needed to restore
only, and does not belong on the machine that makes backups.
"""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO, Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

MAGIC = b"age-encryption.org/v1\n"
_PART = 1024 * 1024  # bytes


class NoIdentity(Exception):
    """The identity file holds no private key, or cannot be read."""


class WrongIdentity(Exception):
    """The file was encrypted to other recipients, or its header is damaged."""


class Damaged(Exception):
    """The content is not as it was written, or the end is missing."""


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...

    def flush(self) -> object: ...


class _Reader:
    """An iterator as pyrage reads it. It keeps what the iterator raised, which pyrage would turn into a text."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._held = b""
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._held:
                self._held = next(self._parts)
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        part, self._held = self._held[:size], self._held[size:]
        return part


def encrypt(parts: Iterable[bytes], file: Writer, recipients: list[str]) -> None:
    """Write the encrypted parts, of any size; raises what ``parts`` raises."""
    reader = _Reader(parts)
    try:
        pyrage.encrypt_io(reader, file, [Recipient.from_str(recipient) for recipient in recipients])
    except Exception:
        if reader.error is not None:
            raise reader.error from None
        raise


def decrypt(file: BinaryIO, identities: list[Identity]) -> Iterator[bytes]:
    """The content in parts; raises WrongIdentity before the first, Damaged where it is not as it was written.

    Only a reader who has come to its end knows that it is whole.
    """
    # pyrage writes what it decrypts: a pipe, filled by a thread, makes an iterator of it.
    readable, writable = os.pipe()
    with ThreadPoolExecutor(1) as pool:
        filling = pool.submit(_fill, file, writable, identities)
        with os.fdopen(readable, "rb") as pipe:
            yield from iter(lambda: pipe.read(_PART), b"")
    try:
        filling.result()
    except pyrage.DecryptError:
        raise WrongIdentity from None
    except OSError:
        raise Damaged from None


def _fill(file: BinaryIO, writable: int, identities: list[Identity]) -> None:
    with os.fdopen(writable, "wb") as pipe:
        pyrage.decrypt_io(file, pipe, identities)


def read_identities(path: Path) -> list[Identity]:
    """The private keys in a file as `age-keygen` writes it; raises NoIdentity."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        identities = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise NoIdentity from None
    if not identities:
        raise NoIdentity
    return identities
