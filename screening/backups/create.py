"""Creates a backup: a consistent snapshot of the database in one encrypted file, written atomically."""

import hashlib
import json
import logging
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from axes.models import AccessAttempt, AccessAttemptExpiration
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pyrage.x25519 import Identity

from screening.backups import age_format, rotation
from screening.backups.content import engine
from screening.backups.verification import NotProven, prove
from screening.models import CheckResult, Draft, PatientAccess, Schedule, Tally
from screening.privacy import erasure_log
from screening.privacy.backup_directory import (
    CHECKSUM_SUFFIX,
    PARTIAL_SUFFIX,
    BackupError,
    backup_directory,
    backup_name,
    fsync_path,
)
from screening.privacy.key_check import prove_keys

# Short-lived rows, which a backup would keep for longer than intended.
_EXCLUDED_MODELS = (CheckResult, Draft, PatientAccess, Tally, Schedule, Session, AccessAttemptExpiration, AccessAttempt)
EXCLUDED_TABLES = [model._meta.db_table for model in _EXCLUDED_MODELS]

_log = logging.getLogger("crc.backups")


@dataclass(frozen=True)
class Backup:
    path: Path
    rows: int
    size: int  # bytes
    proven_in: float  # seconds
    problem: str  # why it is not proven


def create_backup(now: datetime | None = None) -> Backup:
    """Create a backup in BACKUP_DIR, restore it on trial, and delete old ones. Raises BackupError or WrongKeys.

    The file is written under a ``.partial`` name and renamed when it is complete. If it is not proven, it is kept, and
    so are the old ones.
    """
    prove_keys()
    identity = Identity.generate()
    directory = backup_directory()
    path = directory / backup_name(now or timezone.now())
    partial = path.with_name(path.name + PARTIAL_SUFFIX)
    try:
        with engine().dump(EXCLUDED_TABLES) as (rows, parts):
            checksum, size = _write_encrypted(partial, chain([_manifest(rows)], parts), identity)
        # First, since `restore` refuses a backup that is missing from the erasure log.
        erasure_log.append_backup(path.name, checksum)
        path.with_name(path.name + CHECKSUM_SUFFIX).write_text(f"{checksum}  {path.name}\n")
        partial.replace(path)
    except FileExistsError:
        raise BackupError("Another backup is being made at this moment.") from None
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else error
        raise BackupError(f"The backup could not be written: {reason}.") from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    fsync_path(directory)
    _log.info("backup made")
    proven_in, problem = _proof(path, identity)
    if not problem:
        rotation.delete_old_backups(directory)
    return Backup(path, sum(rows.values()), size, proven_in, problem)


def _proof(path: Path, identity: Identity) -> tuple[float, str]:
    """The seconds that the trial restore took, or why it failed; recorded for `status` and `/metrics`."""
    seconds, problem = 0.0, ""
    try:
        seconds = round(prove(path, identity), 2)
    except NotProven as error:
        problem = str(error)
        _log.error("backup not proven", exc_info=error)
    CheckResult.record(CheckResult.BACKUP, timezone.now(), problem, file=path.name, seconds=seconds)
    return seconds, problem


def _manifest(rows: dict[str, int]) -> bytes:
    """One line of JSON before the database, which `restore` compares with the result."""
    manifest = {
        "engine": connection.vendor,
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "left_out": EXCLUDED_TABLES,
        "rows": rows,
    }
    return json.dumps(manifest).encode() + b"\n"


class _HashingWriter:
    """A file writer that computes SHA-256 and size."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


def _write_encrypted(path: Path, parts: Iterable[bytes], trial: Identity) -> tuple[str, int]:
    """Write a new file (mode 0600) and fsync it; returns its SHA-256 and size in bytes."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        writer = _HashingWriter(file)
        age_format.encrypt(parts, writer, [*settings.BACKUP_RECIPIENTS, str(trial.to_public())])
        file.flush()
        os.fsync(file.fileno())
    return writer.digest.hexdigest(), writer.size
