"""Backup rotation: which backup is the newest, and which are deleted.

Their order is that of their lines in the erasure log, which only grows. A name cannot be trusted: it has a time in the
future if the clock was wrong then.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from screening.privacy import erasure_log
from screening.privacy.backup_directory import (
    CHECKSUM_SUFFIX,
    LOG_NAME,
    PARTIAL_SUFFIX,
    BackupError,
    backup_directory,
    created_at,
    list_backups,
)

_STALE_AFTER = timedelta(days=1)


def backups_in_order(directory: Path) -> list[Path]:
    """The backups in a directory, oldest first. Those that the erasure log does not know come first, by name.

    Raises BackupError if the erasure log is damaged, and OSError if it cannot be read.
    """
    log = directory / LOG_NAME
    lines = erasure_log.read_log(log) if log.exists() else []
    place = {line.of: number for number, line in enumerate(lines) if line.what == erasure_log.BACKUP}
    return sorted(list_backups(directory), key=lambda path: place.get(path.name, -1))


def last_backup() -> tuple[Path, datetime] | None:
    """The newest backup and the time in its name; None if there is none, or no BACKUP_DIR."""
    try:
        directory = backup_directory()
        try:
            found = backups_in_order(directory)
        except BackupError:
            found = list_backups(directory)
    except (BackupError, OSError):
        return None
    return (found[-1], created_at(found[-1])) if found else None


def delete_old_backups(directory: Path) -> int:
    """Delete all but the newest BACKUP_KEEP backups, and stale partial files; returns how many backups."""
    old = backups_in_order(directory)[: -settings.BACKUP_KEEP]
    for path in old:
        path.unlink(missing_ok=True)
        path.with_name(path.name + CHECKSUM_SUFFIX).unlink(missing_ok=True)
    limit = timezone.now() - _STALE_AFTER
    for path in directory.glob(f"*{PARTIAL_SUFFIX}"):
        if path.stat().st_mtime < limit.timestamp():
            path.unlink(missing_ok=True)
    return len(old)
