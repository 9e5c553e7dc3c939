"""The site's figures for /metrics, on either database."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client import CollectorRegistry

from screening.inquiries import services
from screening.metrics import SiteFigures
from screening.models import CheckResult, Inquiry, LedgerEntry, Letter, Schedule
from screening.privacy.backup_directory import backup_name
from tests.builders import draft, inquiry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """BACKUP_DIR."""
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.BACKUP_DIR.mkdir()
    return settings.BACKUP_DIR


def figures() -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(SiteFigures())
    return {
        sample.name.removeprefix("crc_") + "".join(sample.labels.values()): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def test_letters_inquiries_and_drafts_are_counted():
    now = timezone.now()
    draft(), inquiry(), inquiry()
    first, second, third, _fourth = Letter.objects.order_by("pk")
    Letter.objects.filter(pk=first.pk).update(sent_at=now)
    Letter.objects.filter(pk=second.pk).update(gave_up_at=now)
    Letter.objects.filter(pk=third.pk).update(tries=2, owed_at=now - timedelta(hours=1))
    Inquiry.objects.filter(pk=Inquiry.objects.first().pk).update(reply_due_at=now - timedelta(days=1))
    found = figures()
    kinds = ("sent", "failed", "owed", "retried")
    assert [found[f"letters_{kind}"] for kind in kinds] == [1, 1, 2, 1]
    assert 3600 <= found["letters_oldest_owed_seconds"] < 3700
    assert (found["drafts"], found["inquiries_waiting"], found["inquiries_overdue"]) == (1, 2, 1)
    assert found["database_up"] == 1
    assert found["database_size_bytes"] > 10_000


def test_the_worker_is_seen_and_missed():
    assert figures()["worker_missing"] == 1
    now = timezone.now()
    Schedule.objects.create(name="heartbeat", next_at=now + timedelta(seconds=20))
    found = figures()
    assert found["worker_missing"] == 0
    assert abs(found["worker_last_round_timestamp_seconds"] - (now.timestamp() - 10)) < 0.01
    Schedule.objects.update(next_at=now - timedelta(minutes=3))
    assert figures()["worker_missing"] == 1


@pytest.mark.slow
def test_backup_erasure_log_and_disk(folder):
    now = timezone.now()
    assert "backup_last_timestamp_seconds" not in figures()
    (folder / backup_name(now)).write_bytes(b"x" * 1000)
    services.withdraw(inquiry().pk)
    LedgerEntry.objects.update(is_filed=False)
    found = figures()
    assert found["backup_last_timestamp_seconds"] == int(now.timestamp())
    assert found["backup_size_bytes"] == 1000
    assert found["erasure_log_unfiled"] == 1
    assert found["disk_free_bytesbackups"] > 0
    folder.rename(folder.with_name("not mounted"))
    assert "disk_free_bytesbackups" not in figures()


def test_what_was_checked_last():
    now = timezone.now()
    CheckResult.record(CheckResult.BACKUP, now, file="crc.backup", seconds=2.5)
    CheckResult.record(CheckResult.CERTIFICATE, now, expires_at=(now + timedelta(days=20, hours=1)).isoformat())
    found = figures()
    assert (found["backup_verification_failed"], found["backup_verification_seconds"]) == (0, 2.5)
    assert found["backup_verified_timestamp_seconds"] == now.timestamp()
    assert 20 < found["certificate_days"] < 20.1
    CheckResult.record(CheckResult.BACKUP, now, "It is damaged.", file="crc.backup", seconds=2.5)
    CheckResult.record(CheckResult.CERTIFICATE, now, "cannot be read")
    found = figures()
    assert found["backup_verification_failed"] == 1
    assert "certificate_days" not in found


def test_while_the_database_is_away_the_rest_is_read(folder):
    def fail(execute, sql, parameters, many, context):
        raise OperationalError

    with connection.execute_wrapper(fail):
        found = figures()
    assert found["database_up"] == 0
    assert "disk_free_bytesbackups" in found
