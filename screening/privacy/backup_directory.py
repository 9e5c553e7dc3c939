"""The folder of the backups: what they are called, which is the newest, and how many stay."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

LOG_NAME = "erasures.jsonl"
CHECKSUM_SUFFIX = ".sha256"
PARTIAL_SUFFIX = ".partial"

_NAME = re.compile(r"crc-(\d{8}T\d{6})Z\.backup")
_STAMP = "%Y%m%dT%H%M%S"
_DEAD_AFTER = timedelta(days=1)


class BackupError(Exception):
    """It is not done, for a reason that is one sentence."""


def backup_directory() -> Path:
    """BACKUP_DIR; raises BackupError when it is not set or not there. It is never made: a disk may not be mounted."""
    if settings.BACKUP_DIR is None:
        raise BackupError("BACKUP_DIR is not set, so there is no place for backups (see docs/operations.md).")
    if not settings.BACKUP_DIR.is_dir():
        raise BackupError("BACKUP_DIR names a folder that is not there: make it, or mount it.")
    return Path(settings.BACKUP_DIR)


def backup_name(moment: datetime) -> str:
    return f"crc-{moment.astimezone(UTC):{_STAMP}}Z.backup"


def created_at(path: Path) -> datetime:
    """When a backup was made, by its name; raises ValueError for a file that is called otherwise."""
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise ValueError
    return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)


def list_backups(place: Path) -> list[Path]:
    """Oldest first."""
    return sorted(path for path in place.iterdir() if _NAME.fullmatch(path.name))


def last_backup() -> tuple[Path, datetime] | None:
    """The newest backup and when it was made; None where there is none, or no place for any."""
    try:
        found = list_backups(backup_directory())
    except (BackupError, OSError):
        return None
    return (found[-1], created_at(found[-1])) if found else None


def delete_old_backups(place: Path) -> int:
    """Keep the newest BACKUP_KEEP, and nothing of those that were ended midway; returns how many went."""
    old = list_backups(place)[: -settings.BACKUP_KEEP]
    for path in old:
        path.unlink(missing_ok=True)
        path.with_name(path.name + CHECKSUM_SUFFIX).unlink(missing_ok=True)
    dead = timezone.now() - _DEAD_AFTER
    for path in place.glob(f"*{PARTIAL_SUFFIX}"):
        if path.stat().st_mtime < dead.timestamp():
            path.unlink(missing_ok=True)
    return len(old)


def fsync_path(path: Path) -> None:
    """Have a file, or a folder's list of names, written to the disk itself."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
