import shutil

import pytest
from django.db import connection

from screening.checks import check_backups


def said(settings, folder) -> list[str]:
    settings.BACKUP_DIR = folder
    return [warning.msg for warning in check_backups(None)]


def test_a_folder_that_is_not_there_is_told(settings, tmp_path):
    assert said(settings, None) == []
    assert said(settings, tmp_path) == []
    (told,) = said(settings, tmp_path / "not mounted")
    assert told.startswith("BACKUP_DIR names a folder that is not there")


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite needs no program")
def test_a_missing_pg_dump_is_told(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert said(settings, tmp_path) == ["pg_dump is missing, so no backup is made here (Debian: postgresql-client)."]
