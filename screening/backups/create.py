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
from types import ModuleType

from axes.models import AccessAttempt, AccessAttemptExpiration
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from screening.backups import legacy_format, postgresql, sqlite
from screening.models import Draft, Schedule, Tally
from screening.privacy import erasure_log
from screening.privacy.backup_directory import (
    CHECKSUM_SUFFIX,
    PARTIAL_SUFFIX,
    BackupError,
    backup_directory,
    backup_name,
    delete_old_backups,
    fsync_path,
)

# What lives for hours only: kept in backups it would live as long as they do.
_EXCLUDED_MODELS = (Draft, Tally, Schedule, Session, AccessAttemptExpiration, AccessAttempt)
EXCLUDED_TABLES = [model._meta.db_table for model in _EXCLUDED_MODELS]

_log = logging.getLogger("crc.backups")


@dataclass(frozen=True)
class Backup:
    path: Path
    rows: int
    size: int  # bytes


def engine() -> ModuleType:
    """The module for the kind of database: `sqlite` or `postgresql`."""
    return sqlite if connection.vendor == sqlite.ENGINE else postgresql


def create_backup(now: datetime | None = None) -> Backup:
    """Make a backup in BACKUP_DIR and drop the oldest; raises Refused. What is ended midway is never taken for one."""
    place = backup_directory()
    path = place / backup_name(now or timezone.now())
    partial = path.with_name(path.name + PARTIAL_SUFFIX)
    try:
        with engine().dump(EXCLUDED_TABLES) as (rows, parts):
            content = chain([_manifest(rows)], parts)
            checksum, size = _written(partial, legacy_format.sealed(content, settings.BACKUP_KEY))
        # In the ledger first: a backup that the ledger does not know is not restored.
        erasure_log.append_backup(path.name, checksum)
        path.with_name(path.name + CHECKSUM_SUFFIX).write_text(f"{checksum}  {path.name}\n")
        partial.replace(path)
    except FileExistsError:
        raise BackupError("Another backup is being made at this moment.") from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    fsync_path(place)
    delete_old_backups(place)
    _log.info("backup made")
    return Backup(path, sum(rows.values()), size)


def _manifest(rows: dict[str, int]) -> bytes:
    """What `restoring` compares: one line of JSON before the database itself."""
    heading = {
        "engine": connection.vendor,
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "left_out": EXCLUDED_TABLES,
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
