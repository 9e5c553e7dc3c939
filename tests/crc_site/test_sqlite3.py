"""Real connections to a real file: what waits, waits fairly, and not for ever."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from screening.models import Tally

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own waiting"),
]


def elsewhere(work) -> list:
    """What ``work`` returns or raises on a connection of its own."""
    came: list = []

    def run() -> None:
        try:
            came.append(work())
        except OperationalError as error:
            came.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return [thread, came]


def write() -> str:
    with transaction.atomic():
        Tally.objects.all().delete()
    return "written"


def test_a_writer_gets_the_lock_when_it_is_let_go():
    with transaction.atomic():
        thread, came = elsewhere(write)
        thread.join(0.2)
        assert came == []
    thread.join()
    assert came == ["written"]


def test_a_writer_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    with transaction.atomic():
        thread, came = elsewhere(write)
        thread.join()
    assert "locked" in str(came[0])
    assert write() == "written"
