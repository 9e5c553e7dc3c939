"""The site's figures for `/metrics`: administrative ones only, never by an answer, a person or a reference."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from screening.backups.rotation import last_backup
from screening.database_size import database_size
from screening.models import CheckResult, Draft, Inquiry, LedgerEntry, Letter
from screening.worker.heartbeat import heartbeat
from screening.worker.last_look import last_look

Figures = Iterator[GaugeMetricFamily]


class SiteFigures(Collector):
    def describe(self) -> list[GaugeMetricFamily]:
        """None, so that registering does not query the database."""
        return []

    def collect(self) -> Figures:
        now = timezone.now()
        yield from _disks()
        yield from _last_backup()
        try:
            yield from _of_database(now)
        except Error:
            yield _gauge("database_up", "Whether the database answers.", 0)


def _of_database(now: datetime) -> Figures:
    found = [*_letters(), *_inquiries(now), *_worker(now), *_checks()]
    yield _gauge("database_up", "Whether the database answers.", 1)
    yield _gauge("database_size_bytes", "The size of the database.", database_size())
    yield _gauge("drafts", "Drafts that are not sent yet.", Draft.objects.count())
    unfiled = LedgerEntry.objects.filter(is_filed=False).count() if settings.BACKUP_DIR else 0
    yield _gauge("erasure_log_unfiled", "Erasures that are not in the erasure log's file yet.", unfiled)
    yield from found


def _letters() -> Figures:
    letters = Letter.objects
    yield _gauge("letters_owed", "Letters to be sent.", letters.unsent().count())
    yield _gauge("letters_sent", "Letters sent, of inquiries that are kept.", letters.exclude(sent_at=None).count())
    yield _gauge("letters_failed", "Letters given up, until staff see to them.", letters.failed().count())
    refused = letters.unsent().filter(tries__gt=0).count()
    yield _gauge("letters_retried", "Letters to be sent that failed at least once.", refused)
    oldest = "The age of the oldest letter to be sent; 0 without one."
    yield _gauge("letters_oldest_owed_seconds", oldest, letters.age_of_oldest_unsent() or 0)


def _inquiries(now: datetime) -> Figures:
    inquiries = Inquiry.objects
    yield _gauge("inquiries_waiting", "Inquiries that wait for staff.", inquiries.waiting_for_us().count())
    yield _gauge("inquiries_overdue", "Of these, past the promised reply.", inquiries.overdue(now).count())


def _worker(now: datetime) -> Figures:
    found = heartbeat(now)
    yield _gauge("worker_missing", "Whether no worker is at work.", int(found.is_missing))
    if found.last_round:
        yield _moment("worker_last_round", "When a worker last looked for work.", found.last_round)


def _checks() -> Figures:
    backup, certificate = CheckResult.of(CheckResult.BACKUP), CheckResult.of(CheckResult.CERTIFICATE)
    looked_at = last_look()
    if looked_at:
        yield _moment("watch_last_look", "When `manage.py watch` last looked at the status.", looked_at)
    if backup:
        failed = "Whether the last backup could not be restored on trial."
        yield _gauge("backup_verification_failed", failed, int(bool(backup.problem)))
        if not backup.problem:
            yield _moment("backup_verified", "When the last backup was restored on trial.", backup.checked_at)
            took = "How long the trial restore took."
            yield _gauge("backup_verification_seconds", took, backup.details["seconds"])
    if certificate and not certificate.problem:
        expires_at = datetime.fromisoformat(certificate.details["expires_at"])
        days = (expires_at - timezone.now()).total_seconds() / (24 * 60 * 60)
        yield _gauge("certificate_days", "Days until the https certificate ends.", round(days, 2))


def _disks() -> Figures:
    free = GaugeMetricFamily("crc_disk_free_bytes", "Free space, by what is kept there.", labels=["of"])
    places = {"backups": settings.BACKUP_DIR}
    if connection.vendor == "sqlite":
        places["database"] = Path(connection.settings_dict["NAME"]).parent
    for of, place in places.items():
        if place is not None and place.is_dir():
            free.add_metric([of], shutil.disk_usage(place).free)
    yield free


def _last_backup() -> Figures:
    """Nothing without a backup, so that an alert must ask for absence too."""
    last = last_backup()
    if last:
        path, made_at = last
        yield _moment("backup_last", "When the last backup was made.", made_at)
        yield _gauge("backup_size_bytes", "The size of the last backup.", path.stat().st_size)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"crc_{name}", meaning, value=value)


def _moment(name: str, meaning: str, moment: datetime) -> GaugeMetricFamily:
    return _gauge(f"{name}_timestamp_seconds", meaning, moment.timestamp())
