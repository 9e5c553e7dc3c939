"""The erasure log: what no backup may undo, as a table and as an append-only file beside the backups.

An entry is written in the transaction that erases, and appended to the file after COMMIT, before the response. The
worker appends what a killed process left. The file names inquiries by keyed hashes; each line has a MAC over itself
and the previous MAC (a hash chain under INDEX_KEY), so changed or missing lines are detected.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.utils import timezone

from screening.privacy.backup_directory import (
    CHECKSUM_SUFFIX,
    LOG_NAME,
    BackupError,
    backup_directory,
    created_at,
    fsync_path,
    list_backups,
)
from screening.privacy.blind_index import blind_index
from screening.privacy.key_check import WrongKeys, prove_keys

BACKUP = "backup"  # a line about a backup, beside those of LedgerEntry.What
_MAX_LINE = 4096  # bytes; every line is much shorter

_log = logging.getLogger("crc.erasure_log")


class LedgerEntry(models.Model):
    """An entry of the erasure log: an inquiry was withdrawn, erased, purged, put on hold, or its hold was lifted.

    ``token`` is a keyed hash of the inquiry's id. ``is_filed`` means that the entry was appended to the file.
    """

    class What(models.TextChoices):
        HELD = "held"
        LIFTED = "lifted"
        SHUT = "shut"  # withdrawn while on hold
        WITHDRAWN = "withdrawn"
        ERASED = "erased"  # on request
        PURGED = "purged"

    token = models.CharField(max_length=32)
    what = models.CharField(max_length=20, choices=What)
    at = models.DateTimeField(default=timezone.now)
    is_filed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(is_filed=False), name="ledger_unfiled")]


@dataclass(frozen=True)
class LogLine:
    """A line of the file; ``of`` is an inquiry's token, or a backup's file name, with its checksum."""

    at: datetime
    what: str
    of: str
    checksum: str = ""

    def as_json(self) -> dict[str, str]:
        fields = {"at": self.at.isoformat(), "what": self.what, "of": self.of}
        return fields | ({"checksum": self.checksum} if self.checksum else {})


def token_of(inquiry_id: UUID) -> str:
    return blind_index("erasure", inquiry_id.hex)


def log_erasures(inquiries: Iterable[models.Model], what: str) -> None:
    """Add entries in the caller's transaction; they are appended to the file after COMMIT. Raises WrongKeys."""
    prove_keys()
    now = timezone.now()
    LedgerEntry.objects.bulk_create(LedgerEntry(token=token_of(one.pk), what=what, at=now) for one in inquiries)
    transaction.on_commit(append_pending)


def append_pending() -> int:
    """Append the pending entries to the file; returns how many. A failure is logged, and retried later."""
    if settings.BACKUP_DIR is None:
        return 0
    try:
        return _append_to_file()
    except (BackupError, WrongKeys, OSError, DatabaseError) as error:
        _log.error("erasure log cannot be written", exc_info=error)
        return 0


def append_backup(name: str, checksum: str) -> None:
    """Append a line about a backup, after all pending entries. Raises BackupError, WrongKeys or OSError."""
    _append_to_file([LogLine(timezone.now(), BACKUP, name, checksum)])


def _append_to_file(extra: list[LogLine] | None = None) -> int:
    prove_keys()
    path = backup_directory() / LOG_NAME
    with _locked_file(path) as file:
        read_log(path)  # nothing is appended to a broken chain, where it would be lost
        is_new = file.tell() == 0
        entries = list(LedgerEntry.objects.all() if is_new else LedgerEntry.objects.filter(is_filed=False))
        lines = [LogLine(entry.at, entry.what, entry.token) for entry in entries]
        if is_new:
            lines += _backup_lines()
        _append(file, lines + (extra or []))
    unfiled = [entry.pk for entry in entries if not entry.is_filed]
    for start in range(0, len(unfiled), 500):
        LedgerEntry.objects.filter(pk__in=unfiled[start : start + 500]).update(is_filed=True)
    return len(entries)


@contextmanager
def _locked_file(path: Path) -> Iterator[BinaryIO]:
    """The file, locked and open at its end. A last line that a crash cut off is removed."""
    is_new = not path.exists()
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_new:
            fsync_path(path.parent)
        end = file.seek(0, os.SEEK_END)
        tail = _tail(file)
        if not tail.endswith(b"\n"):
            file.truncate(end - len(tail) + tail.rfind(b"\n") + 1)
            file.seek(0, os.SEEK_END)
        yield file


def _tail(file: BinaryIO) -> bytes:
    file.seek(max(0, file.seek(0, os.SEEK_END) - _MAX_LINE))
    return file.read()


def _append(file: BinaryIO, lines: list[LogLine]) -> None:
    written = _tail(file).splitlines()
    mac = json.loads(written[-1])["mark"] if written else ""
    encoded = []
    for line in lines:
        fields = line.as_json()
        mac = _chain_mac(fields, mac)
        encoded.append(json.dumps(fields | {"mark": mac}) + "\n")
    file.write("".join(encoded).encode())
    file.flush()
    os.fsync(file.fileno())


def _chain_mac(fields: dict[str, str], previous: str) -> str:
    return blind_index("ledger", f"{previous}\0{json.dumps(fields)}")


def _backup_lines() -> list[LogLine]:
    """Lines about the existing backups, for a new file."""
    return [
        LogLine(created_at(path), BACKUP, path.name, checksum.read_text().split()[0])
        for path in list_backups(backup_directory())
        if (checksum := path.with_name(path.name + CHECKSUM_SUFFIX)).exists()
    ]


def read_log(path: Path) -> list[LogLine]:
    """Read and verify all lines. Raises BackupError for a changed one. A truncated last line is ignored."""
    lines, mac = [], ""
    for number, raw in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            fields = json.loads(raw)
            found = fields.pop("mark")
            line = LogLine(
                datetime.fromisoformat(fields["at"]), fields["what"], fields["of"], fields.get("checksum", "")
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            found = None
        if found is None or found != _chain_mac(fields, mac):
            raise BackupError(f"Line {number} of the erasure log was changed, or INDEX_KEY is not its key.")
        mac = found
        lines.append(line)
    return lines


@dataclass(frozen=True)
class Comparison:
    """The file beside the table: its lines, and how many entries are in one of the two only."""

    lines: int
    unfiled: int  # entries that are still to be appended
    missing: int  # entries that were appended to another file: this one is older, or of another disk
    unknown: int  # lines that the database does not have: it is older than the file


def compare_with_database() -> Comparison:
    """Read and verify the file in BACKUP_DIR. Raises BackupError or OSError."""
    path = backup_directory() / LOG_NAME
    lines = read_log(path) if path.exists() else []
    in_file = {(line.of, line.what, line.at) for line in lines if line.what != BACKUP}
    filed = set(LedgerEntry.objects.filter(is_filed=True).values_list("token", "what", "at"))
    unfiled = set(LedgerEntry.objects.filter(is_filed=False).values_list("token", "what", "at"))
    return Comparison(len(lines), len(unfiled - in_file), len(filed - in_file), len(in_file - filed - unfiled))


def import_lines(lines: list[LogLine]) -> None:
    """Add the entries missing from a restored database, marked as filed."""
    known = set(LedgerEntry.objects.values_list("token", "what", "at"))
    LedgerEntry.objects.bulk_create(
        (
            LedgerEntry(token=line.of, what=line.what, at=line.at, is_filed=True)
            for line in lines
            if line.what != BACKUP and (line.of, line.what, line.at) not in known
        ),
        batch_size=500,
    )
