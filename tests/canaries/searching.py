"""Where a canary would be found: every value of every table and the bytes of every file, encodings taken off."""

import base64
import re
import sqlite3
import zlib
from contextlib import closing, suppress
from pathlib import Path

from tests.canaries.planted import CANARY

_ENCODED = re.compile(r"[\w+/=-]{16,}")


def stands_in(text: str) -> list[str]:
    """The canaries of a text, whatever the case of their letters."""
    return sorted(set(re.findall(rf"{CANARY}\w*", text, re.IGNORECASE)))


def in_database(file: Path) -> str:
    """Every column of every table, what base64 in it hides, and the raw bytes of the file and those beside it."""
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
    """What a word says in base64, and where that was compressed, as sessions are, what it says unpacked."""
    try:
        said = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
    except ValueError:
        return ""
    with suppress(zlib.error):
        said += zlib.decompress(said)
    return said.decode("latin-1")
