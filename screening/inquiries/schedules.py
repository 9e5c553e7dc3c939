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

from screening.inquiries import clock, ledger, records
from screening.inquiries.backups import making
from screening.inquiries.rewriting import rewrite
from screening.models import Schedule
from screening.questionnaire import drafts, limits
from screening.staff import forgetting

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


def erase_what_is_over(now: datetime) -> dict[str, int]:
    """Erase what its time is over for; returns how many of each kind."""
    return {
        "expired drafts erased": drafts.erase_expired(),
        "inquiries purged": records.purge(),
        "counts of posts erased": limits.forget_past_counts(),
        **forgetting.forget(now),
    }


def sweep(now: datetime) -> None:
    """Erase what is over, and what a process that died midway has left to be filed or thrown away."""
    erased = erase_what_is_over(now)
    erased["entries of the ledger filed"] = ledger.file_entries()
    erased["copies for a backup thrown away"] = making.engine().forget_copies()
    for event, count in erased.items():
        _tell(event, count)


def remind(now: datetime) -> None:
    """Tell staff of what is unread after the promised time, each once."""
    _tell("reminders owed", records.remind_of_overdue(now))


def owe_digest(now: datetime) -> None:
    _tell("digest owed", int(records.owe_digest(now)))


def back_up(now: datetime) -> None:
    if settings.BACKUP_DIR is not None:
        making.back_up(now)


TASKS = (
    Task("sweep", sweep, lambda now: now + _FIVE_MINUTES),
    Task("reminders", remind, lambda now: now + _FIVE_MINUTES),
    Task("backup", back_up, clock.next_night),
    Task("digest", owe_digest, clock.next_working_morning, is_done_at_start=False),
    Task("rewrite", rewrite, lambda now: clock.next_night(now) + _AFTER_THE_BACKUP, is_done_at_start=False),
)


def run_due() -> None:
    """Do what is due and not being done by another worker."""
    next_at = dict(Schedule.objects.values_list("name", "next_at"))
    for task in TASKS:
        now = timezone.now()
        if task.name not in next_at:
            first = now if task.is_done_at_start else task.following(now)
            next_at[task.name] = Schedule.objects.get_or_create(name=task.name, defaults={"next_at": first})[0].next_at
        if next_at[task.name] <= now and lease(task.name, now):
            _run(task, now)


def lease(name: str, now: datetime) -> bool:
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


def _tell(event: str, count: int) -> None:
    if count:
        _log.info(event, extra={"count": count})
