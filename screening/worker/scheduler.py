"""What the worker does by the clock, each under a lease in the database, so that several workers never do it twice.

A worker that dies in the middle leaves a lease that runs out, and the work is done again: so each kind of work is
written to do no harm the second time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from django.utils import timezone

from screening.accounts import cleanup
from screening.backups import create
from screening.inquiries import business_days, services
from screening.models import Schedule
from screening.outbox import queue
from screening.privacy import erasure_log
from screening.privacy.vacuum import vacuum_full
from screening.questionnaire import drafts, rate_limits

LEASE = timedelta(minutes=10)
_FIVE_MINUTES = timedelta(minutes=5)
_AFTER_THE_BACKUP = timedelta(hours=1)  # both want every table; neither would wait long for the other

_log = logging.getLogger("crc.worker")


@dataclass(frozen=True)
class Task:
    """``do`` is told the time; ``following`` gives the moment of the next run after one."""

    name: str
    do: Callable[[datetime], None]
    following: Callable[[datetime], datetime]
    is_done_at_start: bool = True


def erase_expired(now: datetime) -> dict[str, int]:
    """Erase what its time is over for; returns how many of each kind."""
    return {
        "expired drafts erased": drafts.erase_expired_drafts(),
        "inquiries purged": services.purge(),
        "counts of posts erased": rate_limits.delete_expired_counts(),
        **cleanup.delete_expired(now),
    }


def run_cleanup(now: datetime) -> None:
    """Erase what is over, and what a process that died midway has left to be filed or thrown away."""
    erased = erase_expired(now)
    erased["entries of the ledger filed"] = erasure_log.append_pending()
    erased["copies for a backup thrown away"] = create.engine().delete_stale_copies()
    for event, count in erased.items():
        _log_count(event, count)


def queue_reminders(now: datetime) -> None:
    """Tell staff of what is unread after the promised time, each once."""
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


def run_due() -> None:
    """Do what is due and not being done by another worker."""
    next_at = dict(Schedule.objects.values_list("name", "next_at"))
    for task in TASKS:
        now = timezone.now()
        if task.name not in next_at:
            first = now if task.is_done_at_start else task.following(now)
            next_at[task.name] = Schedule.objects.get_or_create(name=task.name, defaults={"next_at": first})[0].next_at
        if next_at[task.name] <= now and lease_task(task.name, now):
            _run(task, now)


def lease_task(name: str, now: datetime) -> bool:
    """Take a schedule that is due, so that no other worker does; returns whether it was to be had."""
    due = Schedule.objects.filter(name=name, next_at__lte=now).filter(Q(leased_until=None) | Q(leased_until__lt=now))
    return bool(due.update(leased_until=now + LEASE))


def _run(task: Task, now: datetime) -> None:
    try:
        task.do(now)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        # One kind of work that fails must not stop the letters; it is tried again when its lease is over.
        _log.error("scheduled work failed", exc_info=error)
    else:
        Schedule.objects.filter(name=task.name).update(next_at=task.following(now), leased_until=None)


def _log_count(event: str, count: int) -> None:
    if count:
        _log.info(event, extra={"count": count})
