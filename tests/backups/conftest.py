from pathlib import Path

import pytest

from tests.backups.places import BACKUP_RECIPIENT


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """BACKUP_DIR."""
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_RECIPIENTS = [BACKUP_RECIPIENT]
    settings.BACKUP_DIR.mkdir()
    return settings.BACKUP_DIR
