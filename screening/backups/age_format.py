"""Files in the age format (age-encryption.org/v1), which `age --decrypt` opens on any machine.

Files are encrypted to the public keys BACKUP_RECIPIENTS. The private key (in age's terms the identity) is needed only
to restore, and should not be on the machine that makes backups.
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
    """The identity file contains no private key, or cannot be read."""


class WrongIdentity(Exception):
    """The file was encrypted to other recipients, or its header is damaged."""


class Damaged(Exception):
    """The content was changed or is truncated."""


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...

    def flush(self) -> object: ...


class _Reader:
    """An iterable as a readable file. Keeps an exception of the iterable, which pyrage would turn into a string."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._buffer = b""
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._buffer:
                self._buffer = next(self._parts)
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        part, self._buffer = self._buffer[:size], self._buffer[size:]
        return part


class _Sink:
    """A writer that keeps its exception, which pyrage would turn into a string."""

    def __init__(self, file: Writer) -> None:
        self._file = file
        self.error: BaseException | None = None

    def write(self, data: bytes, /) -> object:
        try:
            return self._file.write(data)
        except BaseException as error:
            self.error = error
            raise

    def flush(self) -> object:
        return self._file.flush()


def encrypt(parts: Iterable[bytes], file: Writer, recipients: list[str]) -> None:
    """Encrypt ``parts``, chunks of any size, into ``file``. Raises what either of them raises."""
    reader, sink = _Reader(parts), _Sink(file)
    try:
        pyrage.encrypt_io(reader, sink, [Recipient.from_str(recipient) for recipient in recipients])
    except Exception:
        if error := reader.error or sink.error:
            raise error from None
        raise


def decrypt(file: BinaryIO, identities: list[Identity]) -> Iterator[bytes]:
    """Yield the content in parts. Raises WrongIdentity before the first part, Damaged if it was changed or cut.

    The content is verified as complete only when the iterator is exhausted.
    """
    # pyrage only writes to a file; a thread and a pipe turn that into an iterator.
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
    """The private keys in a file written by `age-keygen`. Raises NoIdentity."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        identities = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise NoIdentity from None
    if not identities:
        raise NoIdentity
    return identities
