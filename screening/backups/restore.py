"""Restores a backup into an empty database: verifies the file, loads it, and applies the erasure log to it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pyrage.x25519 import Identity

from screening.backups import age_format, legacy_format, restore_marker
from screening.backups.content import differing_tables, engine, split_manifest
from screening.inquiries import services
from screening.privacy import erasure_log
from screening.privacy.backup_directory import LOG_NAME, BackupError, created_at, list_backups
from screening.privacy.erasure_log import LogLine
from screening.privacy.key_check import WrongKeys
from screening.privacy.key_rotation import KeyReport, key_report


@dataclass(frozen=True)
class Report:
    """``rows`` are the backup's row counts by table; ``differing`` are the tables whose count is different now."""

    rows: dict[str, int]
    differing: list[str]
    reapplied: services.Reapplied
    purged: int
    purge_stopped: str  # why nothing was purged
    keys: KeyReport

    @property
    def is_proven(self) -> bool:
        return not self.differing and not self.keys.undecryptable


def restore(path: Path, erasure_log_path: Path | None = None, identity_path: Path | None = None) -> Report:
    """Restore a backup. Raises BackupError before anything is written.

    If it is interrupted later, the restore marker stays, and /readyz and the worker refuse the database.
    ``identity_path`` is the file with the private key of one of BACKUP_RECIPIENTS; the legacy format needs BACKUP_KEY.
    """
    manifest = _verify(path, identity_path)
    _check_compatible(manifest)
    lines = _newest_erasure_log(path, erasure_log_path or path.with_name(LOG_NAME))
    if not engine().is_empty():
        raise BackupError("The database is not empty: restore into a new one.")
    with _decrypted(path, identity_path) as parts:
        _line, content = split_manifest(parts)
        engine().load(content, restore_marker.TABLE)
    differing = differing_tables(connection, manifest["rows"])
    call_command("migrate", verbosity=0)
    reapplied = services.reapply_erasures(lines)
    erasure_log.import_lines(lines)
    purged, purge_stopped = 0, ""
    try:
        purged = services.purge()
    except (services.PurgeStopped, WrongKeys) as stopped:
        purge_stopped = str(stopped)
    restore_marker.clear_marker()
    return Report(manifest["rows"], differing, reapplied, purged, purge_stopped, key_report())


def _verify(path: Path, identity_path: Path | None) -> dict[str, Any]:
    """Decrypt the whole file, which verifies it, and return its manifest."""
    with _decrypted(path, identity_path) as parts:
        manifest, content = split_manifest(parts)
        for _part in content:
            pass
    return manifest


@contextmanager
def _decrypted(path: Path, identity_path: Path | None) -> Iterator[Iterator[bytes]]:
    try:
        with path.open("rb") as file:
            beginning = file.peek(len(age_format.MAGIC))
            if beginning.startswith(age_format.MAGIC):
                yield age_format.decrypt(file, _identities(path, identity_path))
            elif beginning.startswith(legacy_format.MAGIC):
                if not settings.BACKUP_KEY:
                    raise BackupError(f"{path.name} is in the former format, and BACKUP_KEY is not set.")
                yield legacy_format.decrypt(file, settings.BACKUP_KEY)
            else:
                raise BackupError(f"{path.name} is no backup of this site.")
    except legacy_format.WrongKey:
        raise BackupError(f"BACKUP_KEY is not the key that {path.name} was made with.") from None
    except age_format.WrongIdentity:
        raise BackupError(
            f"{identity_path} does not open {path.name}: it was made for other recipients, or is damaged."
        ) from None
    except (legacy_format.Damaged, age_format.Damaged, ValueError):
        raise BackupError(f"{path.name} is damaged or cut short.") from None
    except OSError:
        raise BackupError(f"{path.name} cannot be read.") from None


def _identities(path: Path, identity_path: Path | None) -> list[Identity]:
    if identity_path is None:
        raise BackupError(f"{path.name} needs the private key: name its file with --identity.")
    try:
        return age_format.read_identities(identity_path)
    except age_format.NoIdentity:
        raise BackupError(f"{identity_path} is no file with an age identity, as age-keygen writes it.") from None


def _check_compatible(manifest: dict[str, Any]) -> None:
    if manifest["engine"] != connection.vendor:
        raise BackupError(f"The backup is of {manifest['engine']}, and DATABASE_URL names {connection.vendor}.")
    loader = MigrationLoader(None)
    applied = {tuple(key.split(".", 1)) for key in manifest["migrations"]}
    # The rows may include migrations of apps that are no longer installed.
    if {(app, name) for app, name in applied if app in loader.migrated_apps} - set(loader.disk_migrations):
        raise BackupError("The backup was made by a newer release of the site: restore it with that one.")


def _newest_erasure_log(path: Path, erasure_log_path: Path) -> list[LogLine]:
    """The lines of the erasure log. Raises BackupError if it is missing, damaged, or older than the files near it."""
    if not erasure_log_path.is_file():
        raise BackupError(f"The erasure log is missing: the newest {LOG_NAME} must be beside the backup.")
    lines = erasure_log.read_log(erasure_log_path)
    backups = {line.of: line for line in lines if line.what == erasure_log.BACKUP}
    if path.name not in backups or backups[path.name].checksum != _checksum(path):
        raise BackupError(f"The erasure log does not know {path.name}: it is older than that, or of another site.")
    directories = _backup_directories(path)
    unknown = [other for one in directories for other in list_backups(one) if other.name not in backups]
    newest = created_at(Path(list(backups)[-1]))
    if any(created_at(other) > newest for other in unknown):
        raise BackupError("The erasure log is older than a backup beside it: bring the newest one.")
    if any(_is_longer(directory / LOG_NAME, lines) for directory in directories):
        raise BackupError("An erasure log beside the backup or in BACKUP_DIR has more lines: bring the newest one.")
    return lines


def _backup_directories(path: Path) -> list[Path]:
    """The directory of this backup, and BACKUP_DIR."""
    directories = {path.resolve().parent, settings.BACKUP_DIR}
    return [directory for directory in directories if directory and directory.is_dir()]


def _is_longer(other: Path, lines: list[LogLine]) -> bool:
    return other.is_file() and len(erasure_log.read_log(other)) > len(lines)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
