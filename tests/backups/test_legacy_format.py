"""Backups of release 0.1 are still readable. The site no longer writes this format, so the writer is here."""

import secrets
from io import BufferedReader, BytesIO

import pytest

from screening.backups.legacy_format import CHUNK, MAGIC, PREFIX, SALT, TAG, Damaged, WrongKey, decrypt, derive, nonce

KEY = "a key of the tests " * 4
ENCRYPTED_CHUNK = CHUNK + TAG


def encrypted(content: bytes) -> bytes:
    salt = secrets.token_bytes(SALT)
    cipher, check = derive(KEY, salt)
    prefix = MAGIC + salt + check
    chunks = [content[start : start + CHUNK] for start in range(0, max(len(content), 1), CHUNK)]
    last = len(chunks) - 1
    return prefix + b"".join(
        cipher.encrypt(nonce(number, is_last=number == last), chunk, prefix) for number, chunk in enumerate(chunks)
    )


def decrypted(file: bytes, key: str = KEY) -> bytes:
    return b"".join(decrypt(BufferedReader(BytesIO(file)), key))


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_content_of_any_length_is_read(length):
    content = (bytes(range(256)) * (length // 256 + 1))[:length]
    assert decrypted(encrypted(content)) == content


def test_another_key_is_refused_before_anything_is_read():
    with pytest.raises(WrongKey):
        decrypted(encrypted(b"content"), "another key " * 5)


CONTENT = b"a" * CHUNK + b"b" * CHUNK + b"c" * 99


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file[: PREFIX - 9],
        lambda file: file[:PREFIX],
        lambda file: file[: PREFIX + ENCRYPTED_CHUNK],
        lambda file: file[: PREFIX + 2 * ENCRYPTED_CHUNK],
        lambda file: file[:-1],
        lambda file: file + b"x",
        lambda file: file + file[-115:],
        lambda file: file[: PREFIX + 5] + b"x" + file[PREFIX + 6 :],
        lambda file: file[:PREFIX] + file[PREFIX + ENCRYPTED_CHUNK :],
        lambda file: (
            file[:PREFIX]
            + file[PREFIX + ENCRYPTED_CHUNK : PREFIX + 2 * ENCRYPTED_CHUNK]
            + file[PREFIX : PREFIX + ENCRYPTED_CHUNK]
            + file[PREFIX + 2 * ENCRYPTED_CHUNK :]
        ),
    ],
    ids=[
        "prefix cut",
        "prefix alone",
        "one chunk",
        "two chunks",
        "last byte cut",
        "byte added",
        "chunk added",
        "byte changed",
        "chunk taken out",
        "chunks swapped",
    ],
)
def test_what_was_changed_cut_swapped_or_added_is_noticed(harm):
    with pytest.raises(Damaged):
        decrypted(harm(encrypted(CONTENT)))
