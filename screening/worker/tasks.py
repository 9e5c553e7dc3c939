"""DATA: the periodic tasks of the worker, and what each of them does.

A task may run a second time when a worker died in the middle of it, so each is written to do no harm then.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from screening.accounts import cleanup
from screening.backups import create
from screening.inquiries import business_days, services
from screening.outbox import queue
from screening.privacy import erasure_log
from screening.privacy.vacuum import vacuum_full
from screening.questionnaire import drafts, rate_limits

_FIVE_MINUTES = timedelta(minutes=5)
_AFTER_THE_BACKUP = timedelta(hours=1)  # both lock every table; neither would wait long for the other

_log = logging.getLogger("crc.worker")


@dataclass(frozen=True)
class Task:
    """``do`` takes the current time; ``following`` returns the time of the next run."""

    name: str
    do: Callable[[datetime], None]
    following: Callable[[datetime], datetime]
    is_done_at_start: bool = True


def erase_expired(now: datetime) -> dict[str, int]:
    """Delete what has expired; returns how many of each kind."""
    return {
        "expired drafts erased": drafts.erase_expired_drafts(),
        "inquiries purged": services.purge(),
        "counts of posts erased": rate_limits.delete_expired_counts(),
        **cleanup.delete_expired(now),
    }


def run_cleanup(now: datetime) -> None:
    """Delete what has expired, and finish what a process that died has left."""
    erased = erase_expired(now)
    erased["entries of the ledger filed"] = erasure_log.append_pending()
    erased["copies for a backup thrown away"] = create.engine().delete_stale_copies()
    for event, count in erased.items():
        _log_count(event, count)


def queue_reminders(now: datetime) -> None:
    """Queue one reminder for each inquiry that is unread past its reply deadline."""
    _log_count("reminders owed", queue.queue_overdue_reminders(now))


def owe_digest(now: datetime) -> None:
    _log_count("digest owed", int(queue.queue_digest(now)))


def back_up(now: datetime) -> None:
    if settings.BACKUP_DIR is not None:
        create.create_backup(now)


TASKS = (
    Task("sweep", run_cleanup, lambda now: now + _FIVE_MINUTES),
    Task("reminders", queue_reminders, lambda now: now + _FIVE_MINUTES),
    Task("backup", back_up, business_days.next_night),
    Task("digest", owe_digest, business_days.next_working_morning, is_done_at_start=False),
    Task("rewrite", vacuum_full, lambda now: business_days.next_night(now) + _AFTER_THE_BACKUP, is_done_at_start=False),
)


def _log_count(event: str, count: int) -> None:
    if count:
        _log.info(event, extra={"count": count})
