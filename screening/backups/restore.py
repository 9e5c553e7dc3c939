"""Restoring a backup into an empty database: read to its end, loaded, then what was erased since is erased again."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader
from pyrage.x25519 import Identity

from screening.backups import age_format, legacy_format, restore_marker
from screening.backups.create import engine
from screening.inquiries import services
from screening.privacy import erasure_log
from screening.privacy.backup_directory import LOG_NAME, BackupError, created_at, list_backups
from screening.privacy.erasure_log import LogLine
from screening.privacy.key_rotation import KeyReport, key_report


@dataclass(frozen=True)
class Report:
    """``rows`` by table as they were backed up; ``differing`` names tables that have another number now."""

    rows: dict[str, int]
    differing: list[str]
    replayed: services.Reapplied
    purged: int
    sealed: KeyReport

    @property
    def is_proven(self) -> bool:
        return not self.differing and not self.sealed.unopened


def restore(path: Path, ledger_path: Path | None = None, identity_path: Path | None = None) -> Report:
    """Raises BackupError before anything is written; stopped later, it leaves a database that nothing works with.

    ``identity_path`` is the file with the private key of one of BACKUP_RECIPIENTS. A backup in the former format needs
    BACKUP_KEY in its place.
    """
    heading = _verify(path, identity_path)
    _check_compatible(heading)
    lines = _newest_erasure_log(path, ledger_path or path.with_name(LOG_NAME))
    if not engine().is_empty():
        raise BackupError("The database is not empty: restore into a new one.")
    with _decrypted(path, identity_path) as parts:
        _line, content = _split_manifest(parts)
        engine().load(content, restore_marker.TABLE)
    differing = _differing(heading["rows"])
    call_command("migrate", verbosity=0)
    replayed = services.reapply_erasures(lines)
    erasure_log.import_lines(lines)
    purged = services.purge()
    restore_marker.clear_marker()
    return Report(heading["rows"], differing, replayed, purged, key_report())


def _verify(path: Path, identity_path: Path | None) -> dict:
    """The manifest of a backup of which every part is as it was written."""
    with _decrypted(path, identity_path) as parts:
        heading, content = _split_manifest(parts)
        for _part in content:
            pass
    return heading


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
    except (legacy_format.Damaged, age_format.Damaged):
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


def _split_manifest(parts: Iterator[bytes]) -> tuple[dict, Iterator[bytes]]:
    """The heading, and the database's own bytes behind it."""
    held = b""
    for part in parts:
        held += part
        line, end, rest = held.partition(b"\n")
        if end:
            return json.loads(line), chain([rest], parts)
    raise legacy_format.Damaged


def _check_compatible(heading: dict) -> None:
    if heading["engine"] != connection.vendor:
        raise BackupError(f"The backup is of {heading['engine']}, and DATABASE_URL names {connection.vendor}.")
    loader = MigrationLoader(None)
    applied = {tuple(key.split(".", 1)) for key in heading["migrations"]}
    # Applications that are no longer installed have left their rows behind.
    if {(app, name) for app, name in applied if app in loader.migrated_apps} - set(loader.disk_migrations):
        raise BackupError("The backup was made by a newer release of the site: restore it with that one.")


def _newest_erasure_log(path: Path, ledger_path: Path) -> list[LogLine]:
    """The ledger's lines; raises BackupError where it is missing, damaged, or older than what lies around it."""
    if not ledger_path.is_file():
        raise BackupError(
            f"The ledger of erasures is missing: {LOG_NAME} must lie beside the backup, in its newest state."
        )
    lines = erasure_log.read_log(ledger_path)
    backups = {line.of: line for line in lines if line.what == erasure_log.BACKUP}
    if path.name not in backups or backups[path.name].checksum != _checksum(path):
        raise BackupError(f"The ledger does not know {path.name}: it is older than the backup, or of another site.")
    newest = max(backups)
    if any(created_at(other) > created_at(Path(newest)) for place in _places(path) for other in list_backups(place)):
        raise BackupError("The ledger is older than a backup beside it: bring the newest one.")
    if any(_is_longer(place / LOG_NAME, lines) for place in _places(path)):
        raise BackupError("There is a ledger with more lines beside the backup or in BACKUP_DIR: bring the newest one.")
    return lines


def _places(path: Path) -> list[Path]:
    """Where backups lie: the folder of this one, and BACKUP_DIR."""
    places = {path.resolve().parent, settings.BACKUP_DIR}
    return [place for place in places if place and place.is_dir()]


def _is_longer(other: Path, lines: list[LogLine]) -> bool:
    return other.is_file() and len(erasure_log.read_log(other)) > len(lines)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _differing(rows: dict[str, int]) -> list[str]:
    """Tables that do not have as many rows as were backed up."""
    found = set(connection.introspection.table_names()) - {restore_marker.TABLE}
    with connection.cursor() as cursor:
        return sorted(table for table in found | set(rows) if _count(cursor, table, found) != rows.get(table))


def _count(cursor: CursorWrapper, table: str, found: set[str]) -> int | None:
    if table not in found:
        return None
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    (count,) = cursor.fetchone()
    return int(count)
