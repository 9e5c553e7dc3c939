"""A SQLite connection is reused for the next request, unless its file is no longer at its path."""

import shutil

import pytest
from django.db import connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(tmp_path):
    """A separate connection to a database of its own."""
    original = connections["default"]
    if original.vendor != "sqlite":
        pytest.skip("of SQLite alone")
    made = connections.create_connection("default")
    made.settings_dict = dict(made.settings_dict, NAME=str(tmp_path / "db.sqlite3"))
    made.ensure_connection()
    yield made
    made.close()


def next_request(connection) -> None:
    """Do what Django does with a connection between requests and before the first statement."""
    connection.close_if_unusable_or_obsolete()
    connection.close_if_health_check_failed()


def test_it_is_reused_from_request_to_request(connection):
    before = connection.connection
    next_request(connection)
    assert connection.connection is before


def test_it_is_closed_when_another_file_has_taken_the_place(connection, tmp_path):
    file = tmp_path / "db.sqlite3"
    shutil.copy(file, tmp_path / "restored")
    (tmp_path / "restored").replace(file)
    next_request(connection)
    assert connection.connection is None


def test_it_is_closed_when_the_file_is_gone(connection, tmp_path):
    (tmp_path / "db.sqlite3").rename(tmp_path / "away")
    next_request(connection)
    assert connection.connection is None
