"""One backup: what the database is at this moment, in one encrypted file that is there whole or not at all."""

import hashlib
import json
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from axes.models import AccessAttempt, AccessAttemptExpiration
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from screening.inquiries import ledger
from screening.inquiries.backups import chunks, postgresql, sqlite
from screening.inquiries.backups.folder import CHECKSUM, PARTIAL, Refused, drop_old, folder, name_for, sync
from screening.models import Draft, Schedule, Tally

# What lives for hours only: kept in backups it would live as long as they do.
_LIVE_FOR_HOURS = (Draft, Tally, Schedule, Session, AccessAttemptExpiration, AccessAttempt)
LEFT_OUT = [model._meta.db_table for model in _LIVE_FOR_HOURS]

_log = logging.getLogger("crc.backups")


@dataclass(frozen=True)
class Made:
    path: Path
    rows: int
    size: int  # bytes


def engine():
    return sqlite if connection.vendor == sqlite.ENGINE else postgresql


def back_up(now: datetime | None = None) -> Made:
    """Make a backup in BACKUP_DIR and drop the oldest; raises Refused. What is ended midway is never taken for one."""
    place = folder()
    path = place / name_for(now or timezone.now())
    partial = path.with_name(path.name + PARTIAL)
    try:
        with engine().dumped(LEFT_OUT) as (rows, parts):
            content = chain([_heading(rows)], parts)
            checksum, size = _written(partial, chunks.sealed(content, settings.BACKUP_KEY))
        # In the ledger first: a backup that the ledger does not know is not restored.
        ledger.file_backup(path.name, checksum)
        path.with_name(path.name + CHECKSUM).write_text(f"{checksum}  {path.name}\n")
        partial.replace(path)
    except FileExistsError:
        raise Refused("Another backup is being made at this moment.") from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync(place)
    drop_old(place)
    _log.info("backup made")
    return Made(path, sum(rows.values()), size)


def _heading(rows: dict[str, int]) -> bytes:
    """What `restoring` compares: one line of JSON before the database itself."""
    heading = {
        "engine": connection.vendor,
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "left_out": LEFT_OUT,
        "rows": rows,
    }
    return json.dumps(heading).encode() + b"\n"


def _written(path: Path, parts: Iterable[bytes]) -> tuple[str, int]:
    """Write a new file that only its owner reads, down to the disk; returns its SHA-256 and how long it is."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for part in parts:
            file.write(part)
            digest.update(part)
            size += len(part)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size
