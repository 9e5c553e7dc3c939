"""The worker's periodic tasks. Each is safe to repeat: it runs again if a worker dies during it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from screening.accounts import cleanup
from screening.backups import content, create
from screening.inquiries import business_days, services
from screening.inquiries.services import retention
from screening.outbox import queue
from screening.privacy import erasure_log
from screening.privacy.vacuum import vacuum_full
from screening.questionnaire import drafts, rate_limits
from screening.worker.certificate import check_certificate
from screening.worker.last_look import watch_has_stopped

HEARTBEAT = timedelta(seconds=30)
_FIVE_MINUTES = timedelta(minutes=5)
_AFTER_THE_BACKUP = timedelta(hours=1)  # both lock every table, and neither waits long for the other

_log = logging.getLogger("crc.worker")


@dataclass(frozen=True)
class Task:
    """``do`` takes the current time; ``next_run`` returns the time of the next run."""

    name: str
    do: Callable[[datetime], None]
    next_run: Callable[[datetime], datetime]
    is_done_at_start: bool = True


def erase_expired(now: datetime) -> dict[str, int]:
    """Delete what has expired, but inquiries; returns counts by log event."""
    return {
        "expired drafts erased": drafts.erase_expired_drafts(),
        "expired codes erased": services.delete_expired_accesses(),
        "counts of posts erased": rate_limits.delete_expired_counts(),
        **cleanup.delete_expired(now),
    }


def run_cleanup(now: datetime) -> None:
    """Delete what has expired, and finish the work of killed processes."""
    erased = erase_expired(now)
    erased["entries of the erasure log filed"] = erasure_log.append_pending()
    erased["copies for a backup thrown away"] = content.engine().delete_stale_copies()
    for event, count in erased.items():
        _log_count(event, count)


def purge(now: datetime) -> None:
    """Delete the inquiries past their retention. If the brake stops it, staff are told, and the task stays due."""
    try:
        _log_count("inquiries purged", services.purge())
    except services.PurgeStopped:
        queue.queue_purge_stopped(now)
        raise


def queue_reminders(now: datetime) -> None:
    """Queue one reminder for each inquiry that is unread past its reply deadline, and for each appointment tomorrow."""
    _log_count("reminders owed", queue.queue_overdue_reminders(now))
    _log_count("reminders of appointments owed", queue.queue_appointment_reminders(now))


def queue_digest(now: datetime) -> None:
    _log_count("digest owed", int(queue.queue_digest(now)))


def back_up(now: datetime) -> None:
    if settings.BACKUP_DIR is not None:
        create.create_backup(now)


def look_for_watch(now: datetime) -> None:
    """Tell staff if the watch has stopped: its timer is off, or a setting that is read at its start is wrong."""
    if watch_has_stopped(now):
        queue.queue_watch_stopped(now)


def beat(now: datetime) -> None:
    """Nothing: its row in the schedule says that a worker lives."""


TASKS = (
    Task("heartbeat", beat, lambda now: now + HEARTBEAT),
    Task("sweep", run_cleanup, lambda now: now + _FIVE_MINUTES),
    Task(retention.TASK, purge, lambda now: now + _FIVE_MINUTES),
    Task("reminders", queue_reminders, lambda now: now + _FIVE_MINUTES),
    Task("certificate", check_certificate, lambda now: now + _FIVE_MINUTES),
    Task("watch", look_for_watch, lambda now: now + _FIVE_MINUTES, is_done_at_start=False),
    Task("backup", back_up, business_days.next_night),
    Task("digest", queue_digest, business_days.next_working_morning, is_done_at_start=False),
    Task("rewrite", vacuum_full, lambda now: business_days.next_night(now) + _AFTER_THE_BACKUP, is_done_at_start=False),
)


def _log_count(event: str, count: int) -> None:
    if count:
        _log.info(event, extra={"count": count})
