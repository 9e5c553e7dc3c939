import json
import stat
import threading

import pytest
from django.db import connection, transaction

from screening.inquiries import services
from screening.models import LedgerEntry
from screening.privacy import erasure_log
from screening.privacy.backup_directory import LOG_NAME, BackupError
from screening.privacy.key_check import WrongKeys
from tests.builders import inquiry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def file(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    return tmp_path / LOG_NAME


def kinds_in(file) -> list[str]:
    return [line.what for line in erasure_log.read_log(file)]


def test_every_erasure_and_hold_is_filed_before_anybody_is_told(file, staff):
    first, second = inquiry(), inquiry()
    services.place_hold(first, "a dispute", staff)
    services.withdraw(first.pk)
    services.erase_on_request(second, services.RequestChannel.PHONE, staff)
    services.lift_hold(first, "settled", staff)
    assert kinds_in(file) == ["held", "shut", "erased", "withdrawn"]
    assert not LedgerEntry.objects.filter(is_filed=False).exists()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_holds_keyed_hashes_and_times_and_nothing_else(file):
    made = inquiry()
    services.withdraw(made.pk)
    (line,) = file.read_text().splitlines()
    entry = json.loads(line)
    assert set(entry) == {"at", "what", "of", "mark"}
    assert entry["of"] == erasure_log.token_of(made.pk)
    for name in (made.pk.hex, str(made.pk), made.reference):
        assert name not in line


def test_what_is_rolled_back_is_not_filed(file):
    made = inquiry()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.withdraw(made.pk)
        raise ZeroDivisionError
    assert not file.exists()
    assert not LedgerEntry.objects.exists()


def test_what_a_dying_process_has_not_filed_is_filed_at_the_next_look(file, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(erasure_log, "append_pending", lambda: 0)
        services.withdraw(inquiry().pk)
    assert not file.exists()
    assert erasure_log.append_pending() == 1
    assert erasure_log.append_pending() == 0
    assert kinds_in(file) == ["withdrawn"]


def test_a_line_that_a_crash_has_cut_off_is_written_again_whole(file, monkeypatch):
    services.withdraw(inquiry().pk)
    with monkeypatch.context() as dying:
        dying.setattr(erasure_log, "append_pending", lambda: 0)
        services.withdraw(inquiry().pk)
    with file.open("a") as opened:
        opened.write('{"at": "2026-11-')
    assert kinds_in(file) == ["withdrawn"]
    erasure_log.append_pending()
    assert kinds_in(file) == ["withdrawn", "withdrawn"]


def test_where_it_cannot_be_written_the_person_is_erased_all_the_same(settings, tmp_path, caplog):
    settings.BACKUP_DIR = tmp_path / "not mounted"
    made = inquiry()
    services.withdraw(made.pk)
    made.refresh_from_db()
    assert made.is_erased
    assert [record.message for record in caplog.records] == ["erasure log cannot be written"]
    settings.BACKUP_DIR.mkdir()
    assert erasure_log.append_pending() == 1


def test_without_a_folder_the_table_keeps_all_for_the_day_there_is_one(settings, tmp_path):
    for _number in range(3):
        services.withdraw(inquiry().pk)
    assert erasure_log.append_pending() == 0
    settings.BACKUP_DIR = tmp_path
    assert erasure_log.append_pending() == 3
    (tmp_path / LOG_NAME).unlink()
    services.withdraw(inquiry().pk)
    assert kinds_in(tmp_path / LOG_NAME) == ["withdrawn"] * 4


def test_nothing_is_appended_to_a_damaged_one_and_a_new_one_has_every_entry(file, caplog):
    """The remedy of docs/operations.md."""
    services.withdraw(inquiry().pk)
    file.write_text("not a line of the erasure log\n")
    services.withdraw(inquiry().pk)
    assert [record.message for record in caplog.records] == ["erasure log cannot be written"]
    assert LedgerEntry.objects.filter(is_filed=False).count() == 1
    assert len(file.read_text().splitlines()) == 1
    with pytest.raises(BackupError, match=r"^Line 1 of the erasure log"):
        erasure_log.read_log(file)
    file.rename(file.with_name("erasures-damaged.jsonl"))
    assert erasure_log.append_pending() == 2
    assert kinds_in(file) == ["withdrawn", "withdrawn"]


def test_with_another_index_key_nobody_is_erased_and_nothing_is_appended(file, settings):
    services.withdraw(inquiry().pk)
    made, before, key = inquiry(), file.read_bytes(), settings.INDEX_KEY
    settings.INDEX_KEY = "another key " * 5
    with pytest.raises(WrongKeys, match=r"^INDEX_KEY is not the key of this database"):
        services.withdraw(made.pk)
    assert erasure_log.append_pending() == 0
    settings.INDEX_KEY = key
    made.refresh_from_db()
    assert not made.is_erased
    assert file.read_bytes() == before
    assert LedgerEntry.objects.count() == 1


def test_many_at_once_make_one_chain(file):
    made = [inquiry() for _number in range(8)]
    barrier = threading.Barrier(len(made))

    def withdraw(one) -> None:
        barrier.wait()
        try:
            services.withdraw(one.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=withdraw, args=(one,)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    erasure_log.append_pending()
    assert {line.of for line in erasure_log.read_log(file)} == {erasure_log.token_of(one.pk) for one in made}
