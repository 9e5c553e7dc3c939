"""Somebody is told once when a line of the status needs a person, and once when it is well again."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from screening.management.status_report import StatusLine
from screening.management.watch import change_since, still_known
from screening.models import Letter, Schedule
from screening.outbox.letters import build_message
from screening.worker import scheduler
from screening.worker.last_look import watch_has_stopped
from tests.backups.places import BACKUP_RECIPIENT
from tests.builders import inquiry
from tests.environment import VALUES
from tests.outbox.smtp import smtp_server
from tests.served import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def memory(settings, tmp_path):
    """The memory of a watch over a site that is well."""
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENTS = tmp_path / "backups", [BACKUP_RECIPIENT]
    settings.BACKUP_DIR.mkdir()
    scheduler.run_due()
    return tmp_path / "watch.json"


def look(memory) -> str:
    out = StringIO()
    call_command("watch", memory, stdout=out)
    return out.getvalue()


def stop_worker() -> None:
    Schedule.objects.filter(name="heartbeat").update(next_at=timezone.now() - timedelta(minutes=5))


def test_of_a_site_that_is_well_nobody_is_told(memory, mailoutbox):
    assert look(memory) == ""
    assert mailoutbox == []


def test_a_dead_worker_is_told_once_in_every_language_and_once_when_it_is_back(memory, mailoutbox, settings):
    stop_worker()
    assert look(memory) == "Told: 1 wrong, 0 well again.\n"
    assert look(memory) == ""
    (told,) = mailoutbox
    assert told.to == settings.STAFF_NOTIFY_TO
    assert told.subject == "The website needs your technician / El sitio web necesita a su técnico"
    assert "! Worker: missing: its last round was 5 minutes ago" in told.body
    settings.BACKUP_DIR.rename(settings.BACKUP_DIR.with_name("elsewhere"))
    assert look(memory) == "Told: 2 wrong, 0 well again.\n"
    assert "Worker" not in mailoutbox[1].body
    Schedule.objects.filter(name="heartbeat").update(next_at=timezone.now())
    settings.BACKUP_DIR.with_name("elsewhere").rename(settings.BACKUP_DIR)
    assert look(memory) == "Told: 0 wrong, 3 well again.\n"
    assert look(memory) == ""
    assert mailoutbox[2].subject == "The website is well again / El sitio web vuelve a estar bien"
    assert "  Worker: at work" in mailoutbox[2].body


def test_a_command_of_the_technicians_gets_the_message_instead(memory, mailoutbox, settings, tmp_path):
    settings.WATCH_COMMAND = ["tee", str(tmp_path / "told")]
    stop_worker()
    look(memory)
    assert "! Worker: missing" in (tmp_path / "told").read_text()
    assert mailoutbox == []


@pytest.mark.parametrize("command", [["false"], ["/nowhere/at-all"], None])
def test_what_could_not_be_told_is_told_at_the_next_look(memory, settings, command):
    stop_worker()
    settings.WATCH_COMMAND = command
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match=r"^Nobody could be told: \w+\.$"):
        look(memory)
    settings.WATCH_COMMAND = None
    with smtp_server(settings) as postman:
        assert look(memory) == "Told: 1 wrong, 0 well again.\n"
    assert len(postman.mails) == len(settings.STAFF_NOTIFY_TO)


def test_when_the_watch_itself_stops_the_worker_mails_staff_once_a_day(memory, settings):
    start = timezone.now().replace(hour=20)  # noon in the clinic's time zone: the day does not end meanwhile
    with time_machine.travel(start) as clock:
        scheduler.run_due()
        look(memory)
        for minutes, told in ((6, 0), (20, 0), (6, 1), (6, 1), (60, 1)):
            clock.shift(timedelta(minutes=minutes))
            scheduler.run_due()
            assert Letter.objects.filter(name="watch-stopped").count() == told, minutes
        mail = build_message(Letter.objects.get(name="watch-stopped"))
        assert mail.to == settings.STAFF_NOTIFY_TO
        look(memory)
        assert not watch_has_stopped(timezone.now())


def test_where_no_watch_ever_ran_nobody_is_told_that_it_stopped(memory):
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        scheduler.run_due()
    assert Schedule.objects.filter(name="watch").exists()
    assert not Letter.objects.filter(name="watch-stopped").exists()


def test_nothing_of_a_patient_is_told(memory, mailoutbox):
    made = inquiry(name="Zyx Canary", email="zyx@example.com")
    stop_worker()
    look(memory)
    assert not any(word in mailoutbox[0].body for word in ("Zyx", "zyx", made.reference))


def test_a_memory_that_is_damaged_tells_anew(memory, mailoutbox):
    stop_worker()
    look(memory)
    memory.write_text("{damaged")
    assert look(memory) == "Told: 1 wrong, 0 well again.\n"
    assert json.loads(memory.read_text()) == ["Worker"]


def test_lines_that_cannot_be_looked_at_are_not_well():
    """Without a database most lines are missing."""
    away = StatusLine("Database", "cannot be read", needs_attention=True)
    change = change_since(["Worker"], [away])
    assert (change.wrong, change.well) == ([away], [])
    assert still_known(["Worker"], change) == ["Database", "Worker"]


@pytest.mark.server
def test_without_a_database_somebody_is_told(tmp_path):
    """A process of its own, as the timer starts it."""
    told = tmp_path / "told"
    environment = VALUES | {"PATH": os.environ["PATH"], "WATCH_COMMAND": f"tee '{told}'"}
    environment |= {"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/at/all.sqlite3"}
    command = [sys.executable, "manage.py", "watch", str(tmp_path / "watch.json")]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "! Database: cannot be read" in told.read_text()
