from io import BytesIO

import pytest

from screening.backups import legacy_format
from screening.backups.legacy_format import CHUNK, Damaged, NotOurs, WrongKey

KEY = "a key of the tests " * 4
PREFIX = len(legacy_format.KIND) + 32 + 16
SEALED_CHUNK = CHUNK + 16


def sealed(content: bytes) -> bytes:
    return b"".join(legacy_format.sealed([content], KEY))


def opened(file: bytes, key: str = KEY) -> bytes:
    return b"".join(legacy_format.opened(BytesIO(file), key))


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7])
def test_what_is_sealed_opens_again_whatever_its_length(length):
    content = bytes(range(256)) * (length // 256 + 1)
    assert opened(sealed(content[:length])) == content[:length]


def test_parts_of_any_size_make_the_same_content():
    parts = [b"a" * 10, b"", b"b" * (CHUNK + 5), b"c" * (3 * CHUNK)]
    assert b"".join(legacy_format.opened(BytesIO(b"".join(legacy_format.sealed(parts, KEY))), KEY)) == b"".join(parts)


def test_nothing_of_the_content_is_seen_and_no_two_files_are_alike():
    first, second = sealed(b"canary" * 100), sealed(b"canary" * 100)
    assert b"canary" not in first
    assert first[PREFIX:] != second[PREFIX:]


def test_another_key_is_refused_before_anything_is_opened():
    with pytest.raises(WrongKey):
        opened(sealed(b"content"), "another key " * 5)


@pytest.mark.parametrize("file", [b"", b"SQLite format 3\0" + bytes(100), legacy_format.KIND + bytes(40)])
def test_another_kind_of_file_is_refused(file):
    with pytest.raises(NotOurs):
        opened(file)


CONTENT = b"a" * CHUNK + b"b" * CHUNK + b"c" * 99


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file[:PREFIX],
        lambda file: file[: PREFIX + SEALED_CHUNK],
        lambda file: file[: PREFIX + 2 * SEALED_CHUNK],
        lambda file: file[:-1],
        lambda file: file + b"x",
        lambda file: file + file[-115:],
        lambda file: file[: PREFIX + 5] + b"x" + file[PREFIX + 6 :],
        lambda file: file[:PREFIX] + file[PREFIX + SEALED_CHUNK :],
        lambda file: (
            file[:PREFIX]
            + file[PREFIX + SEALED_CHUNK : PREFIX + 2 * SEALED_CHUNK]
            + file[PREFIX : PREFIX + SEALED_CHUNK]
            + file[PREFIX + 2 * SEALED_CHUNK :]
        ),
    ],
    ids=[
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
        opened(harm(sealed(CONTENT)))
