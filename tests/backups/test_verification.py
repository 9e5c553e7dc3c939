"""Each backup is read back, restored on trial and decrypted; what is wrong with it is recorded, and nothing deleted."""

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone
from pyrage.x25519 import Identity

from screening.backups import age_format, content, create, verification
from screening.backups.verification import NotProven
from screening.models import CheckResult, Note
from screening.privacy.backup_directory import BackupError
from tests.builders import inquiry

pytestmark = pytest.mark.django_db(transaction=True)


def scratch() -> list[str]:
    """What is left of trial restores: folders beside the database, or databases."""
    if connection.vendor == "sqlite":
        return [path.name for path in Path(connection.settings_dict["NAME"]).parent.glob(".backing-up-*")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'crc_trial_%'")
        return [name for (name,) in cursor.fetchall()]


def recipients(path: Path) -> int:
    return path.read_bytes().partition(b"\n---")[0].count(b"-> X25519 ")


@pytest.mark.slow
def test_a_good_backup_is_proven_and_the_trial_thrown_away(folder, settings):
    inquiry()
    backup = create.create_backup()
    result = CheckResult.of(CheckResult.BACKUP)
    assert (result.problem, result.details) == ("", {"file": backup.path.name, "seconds": backup.proven_in})
    assert backup.proven_in > 0
    assert scratch() == []
    assert "trial" not in [one.alias for one in connections.all()]
    assert recipients(backup.path) == 1 + len(settings.BACKUP_RECIPIENTS)
    out = StringIO()
    call_command("backup", stdout=out)
    assert "Restored on trial in " in out.getvalue()


def test_what_the_disk_has_changed_is_noticed_and_older_backups_stay(folder, settings, monkeypatch):
    settings.BACKUP_KEEP = 1
    older = create.create_backup(timezone.now() - timedelta(days=1)).path
    written = create._write_encrypted

    def on_a_bad_disk(path, parts, trial):
        found = written(path, parts, trial)
        with path.open("r+b") as file:
            file.seek(-1000, os.SEEK_END)
            file.write(b"\0")
        return found

    monkeypatch.setattr(create, "_write_encrypted", on_a_bad_disk)
    with pytest.raises(CommandError, match=r"^It could not be restored on trial: what is on the disk is not what was"):
        call_command("backup", stdout=StringIO())
    assert older.exists()
    assert CheckResult.of(CheckResult.BACKUP).problem == "what is on the disk is not what was written."
    assert scratch() == []


def test_rows_that_are_missing_are_noticed(folder, monkeypatch):
    manifest = create._manifest
    monkeypatch.setattr(create, "_manifest", lambda rows: manifest(rows | {"screening_note": 7}))
    assert create.create_backup().problem == "these tables have another number of rows: screening_note."
    assert scratch() == []


@pytest.mark.slow
def test_a_value_that_cannot_be_decrypted_is_noticed(folder, settings, staff):
    Note.objects.create(inquiry=inquiry(), author=staff, text="canary")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE screening_note SET text = 'v2.00000000.canary'")
    backup = create.create_backup()
    assert backup.problem == "1 encrypted values cannot be decrypted with FIELD_KEYS."
    assert backup.path.exists()


def test_without_room_for_the_trial_the_backup_is_kept_and_said_to_be_unproven(folder, monkeypatch):
    def no_room(parts):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(content.engine(), "restored_on_trial", no_room)
    backup = create.create_backup()
    assert backup.path.exists()
    assert backup.problem == "there was no place to restore it on trial: No space left on device."


@pytest.mark.slow
def test_nobody_else_opens_it_with_the_trials_identity(folder, monkeypatch):
    """The identity is made anew each time, and is in no file, log or table."""
    seen = []
    monkeypatch.setattr(create, "prove", lambda path, identity: seen.append(identity) or 0.0)
    first, second = create.create_backup().path, create.create_backup(timezone.now() + timedelta(seconds=2)).path
    assert verification.prove(first, seen[0]) > 0
    with pytest.raises(NotProven):
        verification.prove(second, seen[0])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
def test_databases_left_by_killed_processes_are_dropped():
    names = [f"crc_trial_{time.time() - 2 * 60 * 60:.0f}_1", f"crc_trial_{time.time():.0f}_1"]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"CREATE DATABASE {name}")
        assert content.engine().delete_stale_copies() == 1
        assert scratch() == names[1:]
        cursor.execute(f"DROP DATABASE {names[1]}")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL alone")
def test_a_role_that_may_create_no_database_is_told_what_to_do(folder):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE lesser SUPERUSER")
        cursor.execute("ALTER ROLE lesser NOSUPERUSER")
        cursor.execute("SET ROLE lesser")
        try:
            with pytest.raises(BackupError, match="CREATEDB"), content.engine().restored_on_trial(iter([b""])):
                pass
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE lesser")


def test_the_readback_is_of_the_whole_file(tmp_path, monkeypatch):
    identity = Identity.generate()
    path = tmp_path / "cut"
    with path.open("wb") as file:
        age_format.encrypt([b"no manifest"], file, [str(identity.to_public())])
    with pytest.raises(NotProven):
        verification.prove(path, identity)
