import hashlib
import json
import resource
import stat
import subprocess
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from screening.backups import create
from screening.backups.rotation import last_backup
from screening.privacy import erasure_log
from screening.privacy.backup_directory import LOG_NAME, BackupError
from tests.backups.places import identity_file
from tests.builders import draft, inquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_backup_is_one_encrypted_file_that_its_owner_alone_reads(folder):
    made = inquiry(name="Canary Person")
    path = create.create_backup().path
    assert sorted(file.name for file in folder.iterdir()) == sorted([path.name, f"{path.name}.sha256", LOG_NAME])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    for seen in (made.reference, "screening_inquiry", "Canary", "gAAAA"):
        assert seen.encode() not in content


@pytest.mark.age
def test_the_program_age_opens_it_without_this_site(folder, tmp_path):
    inquiry()
    path, content = create.create_backup().path, tmp_path / "content"
    command = ["age", "--decrypt", "--identity", identity_file(tmp_path), "--output", content, path]
    subprocess.run(command, check=True, capture_output=True)
    manifest, _end, database = content.read_bytes().partition(b"\n")
    assert json.loads(manifest)["rows"]["screening_inquiry"] == 1
    assert database.startswith(b"SQLite format 3" if connection.vendor == "sqlite" else b"PGDMP")


def test_its_checksum_is_that_of_sha256sum_and_is_in_the_erasure_log(folder):
    path = create.create_backup().path
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.with_name(f"{path.name}.sha256").read_text() == f"{checksum}  {path.name}\n"
    (line,) = erasure_log.read_log(folder / LOG_NAME)
    assert (line.what, line.of, line.checksum) == (erasure_log.BACKUP, path.name, checksum)


def test_what_was_ended_midway_leaves_nothing_that_looks_like_a_backup(folder, monkeypatch):
    inquiry()

    def breaks(parts, file, recipients):
        file.write(b"the beginning")
        raise RuntimeError

    monkeypatch.setattr(create.age_format, "encrypt", breaks)
    with pytest.raises(RuntimeError):
        create.create_backup()
    assert list(folder.iterdir()) == []
    assert last_backup() is None


@pytest.mark.parametrize("room", ["for nothing", "for most of it"])
def test_without_room_on_the_disk_it_is_refused_in_one_sentence(folder, room):
    """The operating system limits the size of a file of this process, as a full disk does."""
    inquiry()
    made = create.create_backup(timezone.now() - timedelta(hours=1))
    limit = 0 if room == "for nothing" else made.size * 3 // 4  # a backup's size varies a little
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        with pytest.raises(CommandError, match=r"^The backup could not be written: .+\.$"):
            call_command("backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        [made.path.name, f"{made.path.name}.sha256", LOG_NAME]
    )


def test_without_a_folder_it_is_refused_in_one_sentence(settings, tmp_path):
    settings.BACKUP_DIR = None
    with pytest.raises(CommandError, match=r"^BACKUP_DIR is not set.*\.$"):
        call_command("backup")
    settings.BACKUP_DIR = tmp_path / "not mounted"
    with pytest.raises(CommandError, match=r"^BACKUP_DIR names a folder that is not there.*\.$"):
        call_command("backup")
    assert last_backup() is None


def test_a_second_one_at_the_same_moment_is_refused(folder):
    now = timezone.now()
    path = create.create_backup(now).path
    path.rename(path.with_name(f"{path.name}.partial"))
    with pytest.raises(BackupError, match="Another backup"):
        create.create_backup(now)


def test_the_command_says_what_it_has_made(folder):
    draft(), inquiry()
    out = StringIO()
    call_command("backup", stdout=out)
    path, _at = last_backup()
    assert out.getvalue().startswith(f"{path}: ")
