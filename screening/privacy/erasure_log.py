"""The erasure log: what no backup may undo, as a table and as an append-only file beside the backups.

An entry is written in the transaction that erases, and appended to the file after COMMIT, before the person is told.
The worker appends what a process that died in between has left. The file names inquiries by keyed hashes; each line
has a MAC over itself and the MAC before it (a hash chain under INDEX_KEY), so changed or missing lines are detected.
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

BACKUP = "backup"  # a line about a backup, beside those of LedgerEntry.What
_LONGEST = 4096  # bytes, far more than a line has

_log = logging.getLogger("crc.ledger")


class LedgerEntry(models.Model):
    """What no backup may undo: that an inquiry was taken back, erased or held. See `ledger`, which files it.

    ``token`` is a keyed hash of the inquiry's id, by which it is known again and by which nobody is found.
    """

    class What(models.TextChoices):
        HELD = "held"
        LIFTED = "lifted"
        SHUT = "shut"  # taken back while on hold
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
    """``of`` is an inquiry's token; or a backup's name, with its checksum."""

    at: datetime
    what: str
    of: str
    checksum: str = ""

    def as_json(self) -> dict:
        told = {"at": self.at.isoformat(), "what": self.what, "of": self.of}
        return told | ({"checksum": self.checksum} if self.checksum else {})


def token_of(inquiry_id: UUID) -> str:
    return blind_index("erasure", inquiry_id.hex)


def log_erasures(inquiries: Iterable[models.Model], what: str) -> None:
    """Write entries in the caller's transaction; they are appended to the file after COMMIT."""
    now = timezone.now()
    LedgerEntry.objects.bulk_create(LedgerEntry(token=token_of(one.pk), what=what, at=now) for one in inquiries)
    transaction.on_commit(append_pending)


def append_pending() -> int:
    """Append the pending entries to the file; returns how many. A failure is logged, and retried later."""
    if settings.BACKUP_DIR is None:
        return 0
    try:
        return _append_to_file()
    except (BackupError, OSError, DatabaseError) as error:
        _log.error("ledger cannot be written", exc_info=error)
        return 0


def append_backup(name: str, checksum: str) -> None:
    """Append a line about a backup, after all pending entries."""
    _append_to_file([LogLine(timezone.now(), BACKUP, name, checksum)])


def _append_to_file(more: list[LogLine] | None = None) -> int:
    with _locked_file(backup_directory() / LOG_NAME) as file:
        is_new = file.tell() == 0
        entries = list(LedgerEntry.objects.all() if is_new else LedgerEntry.objects.filter(is_filed=False))
        lines = [LogLine(entry.at, entry.what, entry.token) for entry in entries]
        if is_new:
            lines += _backup_lines()
        _append(file, lines + (more or []))
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
    file.seek(max(0, file.seek(0, os.SEEK_END) - _LONGEST))
    return file.read()


def _append(file: BinaryIO, lines: list[LogLine]) -> None:
    mark = _last_mac(_tail(file))
    written = []
    for line in lines:
        told = line.as_json()
        mark = _chain_mac(told, mark)
        written.append(json.dumps(told | {"mark": mark}) + "\n")
    file.write("".join(written).encode())
    file.flush()
    os.fsync(file.fileno())


def _chain_mac(told: dict, before: str) -> str:
    return blind_index("ledger", f"{before}\0{json.dumps(told)}")


def _last_mac(tail: bytes) -> str:
    """The MAC of the last line; empty when there is none or it is damaged, so that `read_log` stops there."""
    lines = tail.splitlines()
    try:
        return json.loads(lines[-1])["mark"] if lines else ""
    except (ValueError, KeyError, TypeError):
        return ""


def _backup_lines() -> list[LogLine]:
    """Lines about the existing backups, for a file that is created anew."""
    return [
        LogLine(created_at(path), BACKUP, path.name, checksum.read_text().split()[0])
        for path in list_backups(backup_directory())
        if (checksum := path.with_name(path.name + CHECKSUM_SUFFIX)).exists()
    ]


def read_log(path: Path) -> list[LogLine]:
    """Every line; raises BackupError for a line that was changed. A last line cut off by a crash is left out."""
    lines, mark = [], ""
    for number, raw in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            told = json.loads(raw)
            found = told.pop("mark")
            line = LogLine(datetime.fromisoformat(told["at"]), told["what"], told["of"], told.get("checksum", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            found = None
        if found is None or found != _chain_mac(told, mark):
            raise BackupError(f"Line {number} of the ledger is not as it was written, or INDEX_KEY is another.")
        mark = found
        lines.append(line)
    return lines


def import_lines(lines: list[LogLine]) -> None:
    """Add the entries that a restored database lacks, marked as appended."""
    known = set(LedgerEntry.objects.values_list("token", "what", "at"))
    LedgerEntry.objects.bulk_create(
        (
            LedgerEntry(token=line.of, what=line.what, at=line.at, is_filed=True)
            for line in lines
            if line.what != BACKUP and (line.of, line.what, line.at) not in known
        ),
        batch_size=500,
    )
