"""SQLite's write lock: one writer at a time across threads and processes, and released if its holder dies."""

import subprocess
import sys
import threading

import pytest
from django.db import OperationalError, connection, transaction

from crc_site.sqlite.write_lock import SUFFIX, WriteLock

NEVER = 0.0
LONG = 20.0

HOLDING = """
import sys
from crc_site.sqlite.write_lock import WriteLock
turn = WriteLock(sys.argv[1])
turn.acquire(5)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path):
    return tmp_path / "db.sqlite3"


def test_one_at_a_time(database):
    first, second = WriteLock(database), WriteLock(database)
    assert first.acquire(NEVER)
    assert not second.acquire(NEVER)
    first.release()
    second.release()
    assert second.acquire(NEVER)


def test_who_waits_gets_it_as_soon_as_it_is_given_back(database):
    first, second = WriteLock(database), WriteLock(database)
    first.acquire(NEVER)
    waiting = threading.Thread(target=second.acquire, args=[LONG])
    waiting.start()
    first.release()
    waiting.join(LONG)
    assert not waiting.is_alive()
    assert not first.acquire(NEVER)


@pytest.mark.server
def test_a_killed_process_has_given_it_back(database):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDING, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    turn = WriteLock(database)
    assert not turn.acquire(NEVER)
    turn.release()
    holder.kill()
    holder.communicate()
    assert turn.acquire(NEVER)


def test_where_no_file_can_be_made_nobody_waits(tmp_path):
    somewhere = tmp_path / "not-there" / "db.sqlite3"
    assert WriteLock(somewhere).acquire(LONG)
    assert WriteLock(somewhere).acquire(LONG)


@pytest.fixture
def on_sqlite(transactional_db):
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite alone")
    return WriteLock(connection.settings_dict["NAME"])


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_a_transaction_holds_the_turn_until_it_ends(on_sqlite, ending):
    class GoneWrong(Exception):
        pass

    try:
        with transaction.atomic():
            assert not on_sqlite.acquire(NEVER)
            on_sqlite.release()
            if ending == "rollback":
                raise GoneWrong
            if ending == "close":
                connection.close()
    except GoneWrong:
        pass
    assert on_sqlite.acquire(NEVER)
    on_sqlite.release()


def test_reading_takes_no_turn(on_sqlite):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert on_sqlite.acquire(NEVER)
    on_sqlite.release()


def test_a_holder_that_hangs_is_waited_for_no_longer_than_for_sqlite_itself(on_sqlite, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", NEVER)
    assert on_sqlite.acquire(NEVER)
    with pytest.raises(OperationalError), transaction.atomic():
        pass
    on_sqlite.release()
    with transaction.atomic():
        pass


def test_its_file_is_for_the_site_alone(database):
    WriteLock(database).acquire(NEVER)
    assert database.with_name(database.name + SUFFIX).stat().st_mode & 0o777 == 0o600
