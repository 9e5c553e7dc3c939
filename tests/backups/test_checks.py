import shutil

import pytest
from django.db import connection

from screening.checks import check_backups


def messages(settings, folder) -> list[str]:
    settings.BACKUP_DIR = folder
    return [warning.msg for warning in check_backups(None)]


def test_a_missing_folder_is_reported(settings, tmp_path):
    assert messages(settings, None) == []
    assert messages(settings, tmp_path) == []
    (message,) = messages(settings, tmp_path / "not mounted")
    assert message.startswith("BACKUP_DIR names a folder that is not there")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no program")
def test_a_missing_pg_dump_is_reported(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert messages(settings, tmp_path) == [
        "pg_dump is missing, so no backup is made here (Debian: postgresql-client)."
    ]
