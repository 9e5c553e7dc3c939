"""`manage.py status` prints the site's state; its exit code tells a program whether a person is needed."""

import json
import os
import re
import subprocess
import sys
import tomllib
from contextlib import nullcontext
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import timezone

import crc_site
from screening.inquiries import services
from screening.inquiries.services import retention
from screening.management import status_report
from screening.models import CheckResult, Inquiry, LedgerEntry, Letter, Schedule
from screening.privacy.backup_directory import LOG_NAME, backup_name
from screening.worker import scheduler
from tests import builders
from tests.backups.places import BACKUP_RECIPIENT
from tests.environment import VALUES

ROOT = Path(__file__).resolve().parent.parent

pytestmark = [
    pytest.mark.django_db(transaction=True),  # a backup begins its own transaction
    pytest.mark.slow,
]


@pytest.fixture
def worked(settings, tmp_path):
    """A site whose worker has just run, with a backup of today."""
    settings.BACKUP_DIR = tmp_path
    settings.BACKUP_RECIPIENTS = [BACKUP_RECIPIENT]
    scheduler.run_due()


def status() -> tuple[dict[str, str], set[str], int]:
    """Return the text of each subject, the subjects marked "!", and the exit code."""
    out = StringIO()
    try:
        call_command("status", stdout=out)
        code = 0
    except SystemExit as end:
        code = end.code
    found = [re.fullmatch(r"([ !]) ([A-Z][a-z ]+?)  +(.+)", line) for line in out.getvalue().splitlines()]
    return {one[2]: one[3] for one in found}, {one[2] for one in found if one[1] == "!"}, code


def test_a_site_that_is_well_needs_nobody(worked):
    subjects, needing, code = status()
    assert (needing, code) == (set(), 0)
    assert subjects["Release"].startswith(crc_site.__version__)
    assert subjects["Database"].endswith("every migration applied")
    assert subjects["Keys"] == "are those of the database"
    assert subjects["Erasure log"] == "1 line, each as it was written"
    assert subjects["Worker"] == "at work"
    assert subjects["Mail"] == "none unsent"
    assert subjects["Inquiries"] == "0 open, 0 unread, 0 overdue"
    assert re.fullmatch(r"crc-\d+T\d+Z\.backup, 0 minutes ago", subjects["Backup"])
    assert re.fullmatch(r"of crc-\d+T\d+Z\.backup in [\d.]+ seconds, 0 minutes ago", subjects["Trial restore"])


def test_a_new_site_names_what_is_missing(settings):
    settings.BACKUP_DIR = None
    subjects, needing, code = status()
    assert (needing, code) == ({"Backup", "Erasure log", "Worker"}, 1)
    assert subjects["Worker"] == "has never run: start `manage.py work`"


def test_a_worker_that_is_gone_is_missed(worked):
    Schedule.objects.filter(name="heartbeat").update(next_at=timezone.now() - timedelta(minutes=3))
    subjects, needing, _code = status()
    assert needing == {"Worker"}
    assert subjects["Worker"] == "missing: its last round was 3 minutes ago"


def test_what_has_happened_in_the_future_needs_a_person(worked, settings):
    ahead = timezone.now() + timedelta(days=40, minutes=1)
    builders.inquiry()
    Letter.objects.update(owed_at=ahead)
    Schedule.objects.filter(name="backup").update(next_at=ahead)
    made = next(settings.BACKUP_DIR.glob("*.backup"))
    made.rename(made.with_name(backup_name(ahead)))
    subjects, needing, _code = status()
    assert needing == {"Worker", "Mail", "Backup", "Trial restore"}
    assert subjects["Worker"].startswith("the next backup is 40 days ahead of the clock")
    assert subjects["Mail"] == "oldest unsent is of a time 40 days ahead of the clock"
    assert subjects["Backup"].endswith("40 days ahead of the clock")


def test_a_watch_that_stopped_needs_a_person_and_one_that_never_was_does_not(worked):
    now = timezone.now()
    assert status()[0]["Watch"].startswith("has never looked")
    CheckResult.record(CheckResult.WATCH, now - timedelta(minutes=29))
    subjects, needing, _code = status()
    assert (needing, subjects["Watch"]) == (set(), "looked 29 minutes ago")
    for looked_at, text in (
        (now - timedelta(minutes=31), "looked 31 minutes ago"),
        (now + timedelta(days=2, minutes=1), "looked 2 days ahead of the clock"),
    ):
        CheckResult.record(CheckResult.WATCH, looked_at)
        subjects, needing, _code = status()
        assert (needing, subjects["Watch"]) == ({"Watch"}, text)


def test_work_under_way_is_no_absence(worked):
    now = timezone.now()
    Schedule.objects.update(next_at=now - timedelta(minutes=5), leased_until=now + timedelta(minutes=5))
    assert status()[0]["Worker"] == "at work"


def test_letters_that_wait_too_long_and_that_failed_need_a_person(worked):
    builders.inquiry()
    Letter.objects.filter(name="received").update(owed_at=timezone.now() - timedelta(minutes=40))
    assert status()[0]["Mail"] == "oldest unsent is 40 minutes old"
    Letter.objects.filter(name="received").update(gave_up_at=timezone.now())
    subjects, needing, _code = status()
    assert "Mail" in needing
    assert subjects["Mail"] == "oldest unsent is 0 minutes old; 1 letter could not be sent, see the inbox"


def test_a_broken_promise_and_an_old_backup_need_a_person(worked, settings):
    builders.inquiry()
    Inquiry.objects.update(reply_due_at=timezone.now() - timedelta(hours=1))
    made = next(settings.BACKUP_DIR.glob("*.backup"))
    made.rename(made.with_name("crc-20200101T000000Z.backup"))
    subjects, needing, code = status()
    assert (needing, code) == ({"Inquiries", "Backup", "Trial restore"}, 1)
    assert subjects["Inquiries"] == "1 open, 1 unread, 1 overdue"


def test_a_purge_that_stopped_needs_a_person(worked, settings, monkeypatch):
    monkeypatch.setattr(retention, "_FEW", 0)
    builders.inquiry()
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS + 1))
    subjects, needing, _code = status()
    assert "Erasing" in needing
    assert subjects["Erasing"].startswith("stopped: 1 of 1 inquiries would be erased at once")


def test_a_wrong_key_and_a_broken_erasure_log_need_a_person(worked, settings):
    log = settings.BACKUP_DIR / LOG_NAME
    log.write_text(log.read_text().replace("backup", "erased"))
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    subjects, needing, _code = status()
    assert needing == {"Keys", "Erasure log"}
    assert subjects["Keys"].startswith("FIELD_KEYS do not decrypt this database")
    assert subjects["Erasure log"].startswith("Line 1 of the erasure log was changed")


def test_a_backup_that_is_not_proven_needs_a_person(worked):
    CheckResult.objects.filter(name=CheckResult.BACKUP).update(problem="It is damaged.")
    subjects, needing, _code = status()
    assert needing == {"Trial restore"}
    assert subjects["Trial restore"].startswith("failed for crc-")
    assert subjects["Trial restore"].endswith(": It is damaged.")
    CheckResult.objects.all().delete()
    subjects, needing, _code = status()
    assert needing == {"Trial restore"}
    assert subjects["Trial restore"].startswith("none of crc-")


@pytest.mark.parametrize(("days", "text"), [(20, "ends in 20 days"), (13, "ends in 13 days"), (-2, "ended 2 days ago")])
def test_a_certificate_that_ends_soon_needs_a_person(worked, settings, days, text):
    settings.CERTIFICATE_ADDRESS = ("127.0.0.1", 443)
    ends = timezone.now() + timedelta(days=days, minutes=1 if days > 0 else -1)
    CheckResult.record(CheckResult.CERTIFICATE, timezone.now(), expires_at=ends.isoformat())
    subjects, needing, _code = status()
    assert subjects["Certificate"] == text
    assert needing == ({"Certificate"} if days < 14 else set())


def test_a_backup_folder_that_is_gone_or_not_mounted_needs_a_person(worked, settings):
    settings.BACKUP_DIR.rename(settings.BACKUP_DIR.with_name("elsewhere"))
    subjects, needing, _code = status()
    assert needing == {"Backup", "Erasure log"}
    assert subjects["Backup"].startswith("BACKUP_DIR names a folder that is not there")
    settings.BACKUP_DIR.mkdir()  # as an empty mount point
    assert status()[0]["Backup"] == "none in BACKUP_DIR; if there were some, is it mounted?"


def test_a_backup_folder_that_is_nearly_full_needs_a_person(worked, monkeypatch):
    monkeypatch.setattr(status_report, "LEAST_FREE", 10**18)
    subjects, needing, _code = status()
    assert needing == {"Backup"}
    assert re.search(r", only [\d.]+ MB free in BACKUP_DIR$", subjects["Backup"])


def test_an_erasure_that_is_not_in_the_erasure_log_needs_a_person(worked, settings):
    folder = settings.BACKUP_DIR
    services.withdraw(builders.inquiry().pk)
    Letter.objects.all().delete()
    assert status()[1] == set()
    settings.BACKUP_DIR = folder / "not mounted"
    services.withdraw(builders.inquiry().pk)
    Letter.objects.all().delete()
    settings.BACKUP_DIR = folder
    subjects, needing, _code = status()
    assert needing == {"Erasure log"}
    assert subjects["Erasure log"].endswith("; 1 erasure not written to it yet")
    LedgerEntry.objects.update(is_filed=True)  # written to another disk
    assert status()[0]["Erasure log"].endswith("; 1 erasure of the database not in it: is BACKUP_DIR the right disk?")


def test_a_database_older_than_its_erasure_log_needs_a_person(worked):
    services.withdraw(builders.inquiry().pk)
    Letter.objects.all().delete()
    LedgerEntry.objects.all().delete()
    subjects, needing, _code = status()
    assert needing == {"Erasure log"}
    assert "1 erasure in it that the database does not know" in subjects["Erasure log"]


@pytest.mark.parametrize("is_well", [True, False])
def test_a_program_reads_the_same_lines_as_json(worked, settings, is_well):
    if not is_well:
        settings.BACKUP_DIR = None
    out = StringIO()
    subjects, needing, code = status()
    with nullcontext() if is_well else pytest.raises(SystemExit, match=f"^{code}$"):
        call_command("status", "--json", stdout=out)
    lines = json.loads(out.getvalue())
    assert {line["subject"]: line["text"] for line in lines} == subjects
    assert {line["subject"] for line in lines if line["needs_attention"]} == needing


def test_nothing_of_a_patient_is_printed(worked):
    inquiry = builders.inquiry(name="Zacarías Quetzalcóatl", email="zq@example.com")
    text = " ".join(status()[0].values())
    assert not any(word in text for word in ("Zacar", "Quetzal", "zq@", inquiry.reference))


def test_what_patients_do_not_see_is_named(worked, settings):
    settings.CLINIC_PHONE = ""
    assert "CLINIC_PHONE" in status()[0]["Settings"]


def test_the_release_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == crc_site.__version__


@pytest.mark.server
def test_a_database_without_its_tables_is_one_line(tmp_path):
    """Run in a separate process, as a technician does."""
    environment = VALUES | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "PATH": os.environ["PATH"]}
    command = [sys.executable, "manage.py", "status"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 1
    assert re.findall(r"^! Database .+; \d+ migrations not applied$", ended.stdout, re.MULTILINE)
    assert ended.stdout.count("Database") == 1
    assert ended.stderr == ""
