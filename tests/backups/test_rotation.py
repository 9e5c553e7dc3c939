from datetime import timedelta

import pytest
from django.utils import timezone

from screening.backups import create
from screening.backups.rotation import last_backup
from screening.privacy import erasure_log
from screening.privacy.backup_directory import LOG_NAME, BackupError, backup_name, created_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_the_newest_stay_and_the_last_one_is_known(folder, settings):
    settings.BACKUP_KEEP = 2
    assert last_backup() is None
    now = timezone.now()
    names = [create.create_backup(now + timedelta(hours=number)).path.name for number in range(4)]
    assert sorted(file.name for file in folder.glob("*.backup")) == names[2:]
    assert len(list(folder.glob("*.sha256"))) == 2
    path, at = last_backup()
    assert path.name == names[3]
    assert at == created_at(path) == (now + timedelta(hours=3)).replace(microsecond=0)


@pytest.mark.parametrize("is_renamed", [False, True], ids=["clock was wrong", "renamed"])
def test_a_backup_named_in_the_future_does_not_outlive_one_made_after_it(folder, settings, is_renamed):
    settings.BACKUP_KEEP = 1
    future = timezone.now() + timedelta(days=400)
    earlier = create.create_backup(timezone.now() if is_renamed else future).path
    if is_renamed:
        earlier.rename(earlier.with_name(backup_name(future)))
    made = create.create_backup(timezone.now() + timedelta(seconds=1)).path
    assert last_backup()[0] == made
    assert list(folder.glob("*.backup")) == [made]


def test_with_a_damaged_erasure_log_the_newest_is_known_by_its_name(folder):
    made = create.create_backup().path
    (folder / LOG_NAME).write_text("not a line of the erasure log\n")
    assert last_backup()[0] == made


def test_after_the_remedy_for_a_damaged_erasure_log_every_backup_is_in_the_new_one(folder):
    log, now = folder / LOG_NAME, timezone.now()
    earlier = create.create_backup(now).path
    log.write_text("not a line of the erasure log\n")
    with pytest.raises(BackupError, match=r"^Line 1 of the erasure log"):
        create.create_backup(now + timedelta(seconds=1))
    log.rename(folder / "erasures-damaged.jsonl")
    made = create.create_backup(now + timedelta(seconds=2)).path
    assert [line.of for line in erasure_log.read_log(log)] == [earlier.name, made.name]
