"""The backup directory and the names of its files."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

LOG_NAME = "erasures.jsonl"
CHECKSUM_SUFFIX = ".sha256"
PARTIAL_SUFFIX = ".partial"

_NAME = re.compile(r"crc-(\d{8}T\d{6})Z\.backup")
_STAMP = "%Y%m%dT%H%M%S"


class BackupError(Exception):
    """A backup or restore was refused or failed; the message is one sentence."""


def backup_directory() -> Path:
    """BACKUP_DIR. Raises BackupError if it is unset or missing; a missing one may be an unmounted disk."""
    if settings.BACKUP_DIR is None:
        raise BackupError("BACKUP_DIR is not set, so there is no place for backups (see docs/operations.md).")
    if not settings.BACKUP_DIR.is_dir():
        raise BackupError("BACKUP_DIR names a folder that is not there: create it, or mount it.")
    return Path(settings.BACKUP_DIR)


def backup_name(moment: datetime) -> str:
    return f"crc-{moment.astimezone(UTC):{_STAMP}}Z.backup"


def created_at(path: Path) -> datetime:
    """When a backup was created, from its file name. Raises ValueError for any other name."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise ValueError
    return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)


def list_backups(directory: Path) -> list[Path]:
    """The backups in a directory, in the order of their names."""
    return sorted(path for path in directory.iterdir() if _NAME.fullmatch(path.name))


def fsync_path(path: Path) -> None:
    """Flush a file, or the entries of a directory, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
