"""Search for canaries in every table value and in the bytes of files, also base64-decoded and decompressed."""

import base64
import re
import sqlite3
import zlib
from contextlib import closing, suppress
from pathlib import Path

from tests.canaries.planted import CANARY

_ENCODED = re.compile(r"[\w+/=-]{16,}")


def stands_in(text: str) -> list[str]:
    """Return the canaries in a text, ignoring case."""
    return sorted(set(re.findall(rf"{CANARY}\w*", text, re.IGNORECASE)))


def in_database(file: Path) -> str:
    """Return every table value, its decoded base64, and the raw bytes of the database file and its journals."""
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]
    texts = [str(value) for row in rows for value in row]
    hidden = [decoded(word) for text in texts for word in _ENCODED.findall(text)]
    return "\n".join([*texts, *hidden, *(in_file(beside) for beside in file.parent.glob(f"{file.name}*"))])


def in_file(file: Path) -> str:
    content = file.read_bytes().decode("latin-1")
    return "\n".join([content, *(decoded(word) for word in _ENCODED.findall(content))])


def in_folder(folder: Path) -> str:
    return "\n".join(in_file(file) for file in folder.rglob("*") if file.is_file())


def decoded(word: str) -> str:
    """Decode base64, and decompress the result if it is compressed, as sessions are."""
    try:
        content = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return ""
    with suppress(zlib.error):
        content += zlib.decompress(content)
    return content.decode("latin-1")
