"""The status report for operators: one line for each subject, and whether it needs a person."""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import django
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from content.library import library
from screening.backups.restore_marker import is_restore_unfinished
from screening.backups.rotation import last_backup
from screening.database_size import database_size
from screening.inquiries import services
from screening.models import Appointment, CheckResult, Inquiry, Letter, Schedule
from screening.privacy.backup_directory import BackupError, backup_directory
from screening.privacy.erasure_log import compare_with_database
from screening.privacy.key_check import WrongKeys, prove_keys
from screening.worker import scheduler
from screening.worker.clocks import CLOCK_TOLERANCE
from screening.worker.heartbeat import heartbeat
from screening.worker.last_look import last_look, watch_has_stopped

LATE_MAIL = timedelta(minutes=15)
LATE_BACKUP = timedelta(hours=36)  # one nightly backup is missing
CERTIFICATE_ENDS = timedelta(days=14)  # certbot renews 30 days before the end
LEAST_FREE = 50_000_000  # bytes in BACKUP_DIR, or twice the last backup

SHOWN_TO_PATIENTS = (
    "CLINIC_PHONE",
    "CLINIC_EMAIL",
    "CLINIC_ADDRESS",
    "CLINIC_LEGAL_NAME",
    "PRIVACY_EMAIL",
    "DATA_COUNTRY",
)


@dataclass(frozen=True)
class StatusLine:
    """``needs_attention`` if it does not resolve by itself. ``text`` never contains patient data."""

    subject: str
    text: str
    needs_attention: bool = False


def status_lines(now: datetime) -> Iterator[StatusLine]:
    """Every subject in a fixed order; those that need the database are omitted if it cannot be read."""
    yield StatusLine("Release", f"{settings.RELEASE}, Django {django.__version__}, Python {platform.python_version()}")
    yield StatusLine("Address", settings.SITE_URL + (" (DEBUG is on)" if settings.DEBUG else ""))
    yield _backup(now)
    yield _guides()
    yield _unset_settings()
    try:
        database = _database()
        yield database
        if database.needs_attention:  # its tables may be missing
            return
        yield _keys()
        yield _erasure_log()
        yield _worker(now)
        yield _watch(now)
        yield _mail(now)
        yield from _trial_restore(now)
        yield from _certificate(now)
        yield from _inquiries(now)
        yield _appointments(now)
    except Error:
        yield StatusLine(
            "Database", "cannot be read: is it there, and has `manage.py migrate` been run?", needs_attention=True
        )


def _database() -> StatusLine:
    name = f"{connection.display_name}, {_megabytes(database_size())}"
    if is_restore_unfinished():
        return StatusLine("Database", f"{name}; a restore into it was not finished", needs_attention=True)
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        return StatusLine("Database", f"{name}; {_count(pending, 'migration')} not applied", needs_attention=True)
    return StatusLine("Database", f"{name}; every migration applied")


def _keys() -> StatusLine:
    try:
        prove_keys()
    except WrongKeys as error:
        return StatusLine("Keys", str(error), needs_attention=True)
    return StatusLine("Keys", "are those of the database")


def _erasure_log() -> StatusLine:
    if settings.BACKUP_DIR is None:
        return StatusLine("Erasure log", "none is written: BACKUP_DIR is not set", needs_attention=not settings.DEBUG)
    try:
        found = compare_with_database()
    except BackupError as error:
        return StatusLine("Erasure log", f"{error} See docs/operations.md", needs_attention=True)
    except OSError as error:
        return StatusLine("Erasure log", f"cannot be read: {error.strerror}", needs_attention=True)
    problems = [
        f"{_count(number, 'erasure')} {what}"
        for number, what in (
            (found.unfiled, "not written to it yet"),
            (found.missing, "of the database not in it: is BACKUP_DIR the right disk?"),
            (found.unknown, "in it that the database does not know: is that an older copy?"),
        )
        if number
    ]
    text = "; ".join([f"{_count(found.lines, 'line')}, each as it was written", *problems])
    return StatusLine("Erasure log", text, needs_attention=bool(problems))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


def _worker(now: datetime) -> StatusLine:
    schedules = {one.name: one for one in Schedule.objects.all()}
    for task in scheduler.TASKS:
        if task.name in schedules and scheduler.is_ahead(task, schedules[task.name].next_at, now):
            text = f"the next {task.name} is {_ago(schedules[task.name].next_at, now)}; does the worker run?"
            return StatusLine("Worker", text, needs_attention=True)
    found = heartbeat(now)
    if found.last_round is None:
        return StatusLine("Worker", "has never run: start `manage.py work`", needs_attention=True)
    if found.is_missing:
        return StatusLine("Worker", f"missing: its last round was {_ago(found.last_round, now)}", needs_attention=True)
    return StatusLine("Worker", "at work")


def _watch(now: datetime) -> StatusLine:
    looked_at = last_look()
    if looked_at is None:
        return StatusLine("Watch", "has never looked: nobody is told when a line here needs a person")
    return StatusLine("Watch", f"looked {_ago(looked_at, now)}", needs_attention=watch_has_stopped(now))


def _mail(now: datetime) -> StatusLine:
    failed = Letter.objects.failed().count()
    seconds = Letter.objects.age_of_oldest_unsent()
    age = None if seconds is None else timedelta(seconds=seconds)
    parts = ["none unsent"] if age is None else [f"oldest unsent is {_duration(age)} old"]
    if age is not None and _is_ahead(now - age, now):
        parts = [f"oldest unsent is of a time {_ago(now - age, now)}"]
    if failed:
        parts.append(f"{_count(failed, 'letter')} could not be sent, see the inbox")
    is_wrong = age is not None and (age > LATE_MAIL or _is_ahead(now - age, now))
    return StatusLine("Mail", "; ".join(parts), needs_attention=bool(failed or is_wrong))


def _inquiries(now: datetime) -> Iterator[StatusLine]:
    inquiries = Inquiry.objects
    overdue = inquiries.overdue(now).count()
    unread = inquiries.unread().count()
    yield StatusLine(
        "Inquiries",
        f"{inquiries.open().count()} open, {unread} unread, {overdue} overdue",
        needs_attention=bool(overdue),
    )
    soon, stopped = inquiries.expiring(now).count(), services.stop_reason(now)
    if stopped:
        yield StatusLine("Erasing", f"stopped: {stopped} See `manage.py purge`", needs_attention=True)
    elif soon:
        yield StatusLine("Erasing", f"{_count(soon, 'inquiry', 'inquiries')} within a week, see the inbox")


def _appointments(now: datetime) -> StatusLine:
    booked = Appointment.objects.booked().starting_in(now, now + timedelta(days=7))
    unconfirmed = booked.filter(state=Appointment.State.TAKEN).count()
    return StatusLine("Appointments", f"{booked.count()} in the next 7 days, {unconfirmed} to be confirmed")


def _backup(now: datetime) -> StatusLine:
    if settings.BACKUP_DIR is None:
        return StatusLine("Backup", "none is made: BACKUP_DIR is not set", needs_attention=not settings.DEBUG)
    try:
        directory = backup_directory()
        free = shutil.disk_usage(directory).free
    except BackupError as error:
        return StatusLine("Backup", str(error), needs_attention=True)
    except OSError as error:
        return StatusLine("Backup", f"BACKUP_DIR cannot be read: {error.strerror}", needs_attention=True)
    last = last_backup()
    if last is None:
        return StatusLine("Backup", "none in BACKUP_DIR; if there were some, is it mounted?", needs_attention=True)
    path, made_at = last
    parts = [path.name, _ago(made_at, now)]
    needed = max(LEAST_FREE, 2 * path.stat().st_size)
    if free < needed:
        parts.append(f"only {_megabytes(free)} free in BACKUP_DIR")
    if not os.access(directory, os.W_OK):
        parts.append("BACKUP_DIR cannot be written to")
    is_wrong = len(parts) > 2 or now - made_at > LATE_BACKUP or _is_ahead(made_at, now)
    return StatusLine("Backup", ", ".join(parts), needs_attention=is_wrong)


def _trial_restore(now: datetime) -> Iterator[StatusLine]:
    last, result = last_backup(), CheckResult.of(CheckResult.BACKUP)
    if last is None:
        return
    name = last[0].name
    if result is None or result.details["file"] != name:
        yield StatusLine("Trial restore", f"none of {name}: run `manage.py backup`", needs_attention=True)
    elif result.problem:
        yield StatusLine("Trial restore", f"failed for {name}: {result.problem}", needs_attention=True)
    else:
        seconds = f"{result.details['seconds']:.1f} seconds"
        yield StatusLine("Trial restore", f"of {name} in {seconds}, {_ago(result.checked_at, now)}")


def _certificate(now: datetime) -> Iterator[StatusLine]:
    result = CheckResult.of(CheckResult.CERTIFICATE)
    if settings.CERTIFICATE_ADDRESS is None or result is None:
        return
    if result.problem:
        yield StatusLine("Certificate", result.problem, needs_attention=True)
        return
    left = datetime.fromisoformat(result.details["expires_at"]) - now
    text = f"ends in {_duration(left)}" if left > timedelta() else f"ended {_duration(-left)} ago"
    yield StatusLine("Certificate", text, needs_attention=left < CERTIFICATE_ENDS)


def _guides() -> StatusLine:
    guides = library().texts_in(settings.LANGUAGE_CODE).guides
    unreviewed = [slug for slug, guide in guides.items() if not guide.meta.get("reviewer")]
    note = f"; without a clinical reviewer: {', '.join(unreviewed)}" if unreviewed else ""
    return StatusLine("Guides", f"{len(guides)}{note}")


def _unset_settings() -> StatusLine:
    unset = [name for name in SHOWN_TO_PATIENTS if not getattr(settings, name)]
    return StatusLine(
        "Settings", f"not set, so not shown: {', '.join(unset)}" if unset else "all that patients see is set"
    )


def _ago(moment: datetime, now: datetime) -> str:
    if _is_ahead(moment, now):
        return f"{_duration(moment - now)} ahead of the clock"
    return f"{_duration(max(now - moment, timedelta()))} ago"


def _is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether something that has happened has a time to come, so that a clock is or was wrong."""
    return moment > now + CLOCK_TOLERANCE


def _duration(span: timedelta) -> str:
    """In days, hours or minutes, rounded down."""
    minutes = int(span.total_seconds() // 60)
    for unit, length in (("day", 24 * 60), ("hour", 60)):
        if minutes >= 2 * length:
            return _count(minutes // length, unit)
    return _count(minutes, "minute")


def _count(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
