import json
import stat
import threading

import pytest
from django.db import connection, transaction

from screening.inquiries import ledger, records
from screening.inquiries.backups.folder import LEDGER, Refused
from screening.models import LedgerEntry
from tests.builders import inquiry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path
    return tmp_path / LEDGER


def told(file) -> list[str]:
    return [line.what for line in ledger.read(file)]


def test_every_erasure_and_hold_is_filed_before_anybody_is_told(file, staff):
    first, second = inquiry(), inquiry()
    records.hold(first, "a dispute", staff)
    records.withdraw(first.pk)
    records.erase_on_request(second, records.AskedBy.PHONE, staff)
    records.lift_hold(first, "settled", staff)
    assert told(file) == ["held", "shut", "erased", "withdrawn"]
    assert not LedgerEntry.objects.filter(is_filed=False).exists()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_holds_keyed_hashes_and_times_and_nothing_else(file):
    made = inquiry()
    records.withdraw(made.pk)
    (line,) = file.read_text().splitlines()
    held = json.loads(line)
    assert set(held) == {"at", "what", "of", "mark"}
    assert held["of"] == ledger.token_of(made.pk)
    for name in (made.pk.hex, str(made.pk), made.reference):
        assert name not in line


def test_what_is_rolled_back_is_not_filed(file):
    made = inquiry()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        records.withdraw(made.pk)
        raise ZeroDivisionError
    assert not file.exists()
    assert not LedgerEntry.objects.exists()


def test_what_a_dying_process_has_not_filed_is_filed_at_the_next_look(file, monkeypatch):
    with monkeypatch.context() as dying:
        dying.setattr(ledger, "file_entries", lambda: 0)
        records.withdraw(inquiry().pk)
    assert not file.exists()
    assert ledger.file_entries() == 1
    assert ledger.file_entries() == 0
    assert told(file) == ["withdrawn"]


def test_a_line_that_a_crash_has_cut_off_is_written_again_whole(file, monkeypatch):
    records.withdraw(inquiry().pk)
    with monkeypatch.context() as dying:
        dying.setattr(ledger, "file_entries", lambda: 0)
        records.withdraw(inquiry().pk)
    with file.open("a") as opened:
        opened.write('{"at": "2026-11-')
    assert told(file) == ["withdrawn"]
    ledger.file_entries()
    assert told(file) == ["withdrawn", "withdrawn"]


def test_where_it_cannot_be_written_the_person_is_erased_all_the_same(settings, tmp_path, caplog):
    settings.BACKUP_DIR = tmp_path / "not mounted"
    made = inquiry()
    records.withdraw(made.pk)
    made.refresh_from_db()
    assert made.is_erased
    assert [record.message for record in caplog.records] == ["ledger cannot be written"]
    settings.BACKUP_DIR.mkdir()
    assert ledger.file_entries() == 1


def test_without_a_folder_the_table_keeps_all_for_the_day_there_is_one(settings, tmp_path):
    for _number in range(3):
        records.withdraw(inquiry().pk)
    assert ledger.file_entries() == 0
    settings.BACKUP_DIR = tmp_path
    assert ledger.file_entries() == 3
    (tmp_path / LEDGER).unlink()
    records.withdraw(inquiry().pk)
    assert told(tmp_path / LEDGER) == ["withdrawn"] * 4


def test_damage_is_noticed_and_what_comes_after_it_is_filed_still(file):
    records.withdraw(inquiry().pk)
    file.write_text("not a line of the ledger\n")
    records.withdraw(inquiry().pk)
    assert len(file.read_text().splitlines()) == 2
    with pytest.raises(Refused, match=r"^Line 1 of the ledger"):
        ledger.read(file)


def test_many_at_once_make_one_chain(file):
    made = [inquiry() for _number in range(8)]
    barrier = threading.Barrier(len(made))

    def withdraw(one) -> None:
        barrier.wait()
        try:
            records.withdraw(one.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=withdraw, args=(one,)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.file_entries()
    assert {line.of for line in ledger.read(file)} == {ledger.token_of(one.pk) for one in made}
