import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pyrage.x25519 import Identity

from screening.backups import create
from screening.backups.content import count_rows, differing_tables
from screening.inquiries import services
from screening.models import Draft, Inquiry, Tally
from screening.privacy.backup_directory import LOG_NAME
from screening.questionnaire import rate_limits
from tests.backups.places import elsewhere, identity_file
from tests.builders import draft, inquiry
from tests.test_upgrade import FIXTURES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def manager(db):
    return get_user_model().objects.create_superuser("manager")


def test_elsewhere_every_row_is_there_and_opens_and_what_was_erased_since_is_erased(folder, manager, tmp_path):
    """One long test, because creating each place takes seconds."""
    names = ("stays", "withdrawn", "requested", "purged", "held", "shut", "lifted")
    people = {name: inquiry(name=f"Person {name}") for name in names}
    for one in people.values():
        services.add_note(one, "a note", manager)
    services.place_hold(people["lifted"], "a dispute", manager)
    draft()
    rate_limits.check_rate_limit(rate_limits.STEPS, "127.0.0.1")
    path = create.create_backup().path

    services.withdraw(people["withdrawn"].pk)
    services.erase_on_request(people["requested"], services.RequestChannel.PHONE, manager)
    services.place_hold(people["held"], "a dispute", manager)
    services.place_hold(people["shut"], "a dispute", manager)
    services.withdraw(people["shut"].pk)
    services.lift_hold(people["lifted"], "settled", manager)
    Inquiry.objects.filter(pk=people["purged"].pk).update(received_at="2020-01-01T00:00Z")
    assert services.purge() == 1
    inquiry(name="came afterwards")
    draft()

    with elsewhere(tmp_path) as place:
        identity = ("--identity", str(identity_file(tmp_path)))
        done = place.manage("restore", str(path), *identity)
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith("Restored.\n")
        assert "Erased again by the erasure log: 3. On legal hold: 2." in done.stdout
        assert "Encrypted values that can be decrypted: 14 of 14." in done.stdout
        found = {reference: rest for reference, *rest in place.select(FOUND)}
        expected = {
            "stays": ["new", True, False],
            "withdrawn": ["closed", False, False],
            "requested": ["closed", False, False],
            "held": ["new", True, True],
            "shut": ["closed", True, True],
            "lifted": ["new", True, False],
        }
        assert found == {people[name].reference: state for name, state in expected.items()}
        for model in (Draft, Tally):
            assert place.select(f"SELECT * FROM {model._meta.db_table}") == []
        assert place.select("SELECT count(*) FROM screening_consent") == [(7,)]
        again = place.manage("restore", str(path), *identity)
        assert (again.returncode, again.stdout) == (1, "")
        assert again.stderr == "CommandError: The database is not empty: restore into a new one.\n"


def test_a_retention_lowered_by_a_slip_erases_nothing_of_what_is_restored(folder, tmp_path):
    for _number in range(21):
        inquiry()
    # Years ago, since `restore` is a process of its own, which has the true time where `any_day` shifts it.
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=1500))
    path = create.create_backup().path
    with elsewhere(tmp_path, RETENTION_DAYS="1") as place:
        done = place.manage("restore", str(path), "--identity", str(identity_file(tmp_path)))
        assert done.returncode == 0, done.stderr
        assert "Not erased: 21 of 21 inquiries would be erased at once" in done.stdout
        assert place.select("SELECT count(*) FROM screening_inquiry") == [(21,)]


FOUND = """
SELECT reference, status, answers IS NOT NULL AND contact IS NOT NULL, held_since IS NOT NULL FROM screening_inquiry
"""


@pytest.fixture
def identity(tmp_path) -> Path:
    return identity_file(tmp_path)


@pytest.fixture
def refusal(identity):
    """Run `restore` and return its error message. It never writes: the test database is not empty."""

    def restore(path: Path, *more: str, identity: Path | None = identity) -> str:
        with pytest.raises(CommandError) as refused:
            call_command("restore", str(path), *(["--identity", str(identity)] if identity else []), *more)
        return str(refused.value)

    return restore


def test_without_the_private_key_it_is_refused(folder, refusal, tmp_path):
    path = create.create_backup().path
    assert refusal(path, identity=None) == f"{path.name} needs the private key: name its file with --identity."
    other = tmp_path / "other.txt"
    assert refusal(path, identity=other) == f"{other} is no file with an age identity, as age-keygen writes it."
    other.write_text(str(Identity.generate()))
    assert (
        refusal(path, identity=other)
        == f"{other} does not open {path.name}: it was made for other recipients, or is damaged."
    )


def test_a_backup_in_the_former_format_needs_its_key(folder, refusal, settings):
    path = next(FIXTURES.glob("*.backup"))
    assert refusal(path) == f"{path.name} is in the former format, and BACKUP_KEY is not set."
    settings.BACKUP_KEY = "another key " * 5
    assert refusal(path) == f"BACKUP_KEY is not the key that {path.name} was made with."


@pytest.mark.parametrize("harm", [lambda content: content[:-9], lambda content: content[:2000] + b"x" + content[2001:]])
def test_a_file_that_was_cut_or_changed_is_refused(folder, harm, refusal):
    inquiry()
    path = create.create_backup().path
    path.write_bytes(harm(path.read_bytes()))
    assert refusal(path) == f"{path.name} is damaged or cut short."


def test_what_is_no_backup_is_refused(folder, refusal):
    create.create_backup()
    other = folder / "letter.txt"
    assert refusal(other) == "letter.txt cannot be read."
    other.write_text("Dear all")
    assert refusal(other) == "letter.txt is no backup of this site."


def test_a_database_that_is_not_empty_is_refused(folder, refusal):
    assert refusal(create.create_backup().path) == "The database is not empty: restore into a new one."


def test_without_the_erasure_log_it_is_refused(folder, tmp_path, refusal):
    path = create.create_backup().path
    (folder / LOG_NAME).rename(tmp_path / LOG_NAME)
    assert refusal(path).startswith("The erasure log is missing: ")
    assert refusal(path, "--erasure-log", str(tmp_path / LOG_NAME)).startswith("The database is not empty")


def test_an_erasure_log_older_than_the_backup_is_refused(folder, settings, tmp_path, refusal):
    inquiry_to_erase = inquiry()
    first = create.create_backup().path
    old = shutil.copy(folder / LOG_NAME, tmp_path / "old.jsonl")
    services.withdraw(inquiry_to_erase.pk)
    assert refusal(first, "--erasure-log", str(old)).startswith("An erasure log beside the backup")
    second = create.create_backup(create.timezone.now() + create.timezone.timedelta(seconds=2)).path
    assert refusal(second, "--erasure-log", str(old)).startswith(f"The erasure log does not know {second.name}")
    assert (
        refusal(first, "--erasure-log", str(old))
        == "The erasure log is older than a backup beside it: bring the newest one."
    )


def test_an_erasure_log_with_a_changed_or_missing_line_is_refused(folder, refusal):
    for _number in range(2):
        services.withdraw(inquiry().pk)
    path = create.create_backup().path
    lines = (folder / LOG_NAME).read_text().splitlines(keepends=True)
    assert len(lines) == 3
    for harmed in (lines[1:], [lines[0], lines[2]], [lines[0].replace("withdrawn", "lifted"), *lines[1:]]):
        (folder / LOG_NAME).write_text("".join(harmed))
        assert refusal(path).startswith("Line ")


def test_a_backup_of_a_newer_release_or_another_kind_of_database_is_refused(folder, monkeypatch, refusal):
    heading = create._manifest

    def changed(rows, **more):
        import json

        return json.dumps(json.loads(heading(rows)) | more).encode() + b"\n"

    monkeypatch.setattr(create, "_manifest", lambda rows: changed(rows, migrations=["screening.9999_later"]))
    assert refusal(create.create_backup().path).startswith("The backup was made by a newer release")
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    monkeypatch.setattr(create, "_manifest", lambda rows: changed(rows, engine=other))
    later = create.timezone.now() + create.timezone.timedelta(seconds=2)
    assert (
        refusal(create.create_backup(later).path)
        == f"The backup is of {other}, and DATABASE_URL names {connection.vendor}."
    )


def test_the_tables_of_sqlites_statistics_are_no_difference(db):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        tables = {table for table in connection.introspection.table_names() if not table.startswith("sqlite_")}
        rows = {table: count_rows(cursor, table, tables) for table in tables}
    assert differing_tables(connection, rows) == []
