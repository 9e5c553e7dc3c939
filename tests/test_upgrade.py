"""Current code reads a database and a backup of release 0.1, with invented people: see tests/fixtures/."""

import gzip
import shutil
from pathlib import Path

import pytest

from tests.backups.places import Place
from tests.served import ROOT

pytestmark = pytest.mark.slow

FIXTURES = ROOT / "tests" / "fixtures"
BACKUP_KEY = "tests-only-backup-" + "abcdefghij" * 5
# The setting's maximum, so that the fixtures' inquiries are not purged.
RETENTION = {"RETENTION_DAYS": "3650"}

ROTATED = "SELECT answers, contact FROM screening_inquiry WHERE answers IS NOT NULL"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(f"sqlite:///{tmp_path}/site.sqlite3", **RETENTION)


def test_a_database_of_before_is_migrated_read_and_rewritten_with_todays_encryption(place, tmp_path):
    with gzip.open(FIXTURES / "release-0.1.sqlite3.gz") as packed, (tmp_path / "site.sqlite3").open("wb") as file:
        shutil.copyfileobj(packed, file)
    assert all(value.startswith("gAAAA") for row in place.select(ROTATED) for value in row)
    assert place.manage("migrate", "--verbosity", "0").returncode == 0
    done = place.manage("rotate_keys")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Could not be decrypted: 0" in done.stdout
    assert all(value.startswith("v2.") for row in place.select(ROTATED) for value in row)
    assert "Already encrypted with the newest key" in place.manage("rotate_keys").stdout
    program = (
        "from screening.models import Inquiry;"
        "print([one.contact['name'] for one in Inquiry.objects.exclude(answers__isnull=True)])"
    )
    assert "['Ana Pérez']" in place.manage("shell", "-c", program).stdout


def test_a_backup_of_before_is_restored_and_whom_its_log_names_is_erased_again(place, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    for file in (*FIXTURES.glob("*.backup"), FIXTURES / "erasures.jsonl"):
        shutil.copy(file, folder)
    (backup,) = folder.glob("*.backup")
    place.environment["BACKUP_KEY"] = BACKUP_KEY
    done = place.manage("restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Restored.\n")
    assert "Erased again by the erasure log: 1." in done.stdout
    assert place.select("SELECT status, answers IS NULL FROM screening_inquiry ORDER BY status") == [
        ("closed", 1),
        ("new", 0),
    ]
