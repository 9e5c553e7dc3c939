"""Runs due periodic tasks, each under a lease in the database, so that two workers never run one at the same time.

If a worker dies, its lease expires and the task runs again. Times further ahead than any worker would write now were
written while a clock was wrong, and do not count.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.db.models import Q
from django.utils import timezone

from screening.models import Schedule
from screening.worker.clocks import CLOCK_TOLERANCE
from screening.worker.tasks import TASKS, Task

LEASE = timedelta(minutes=10)

_log = logging.getLogger("crc.worker")


def run_due() -> None:
    """Run the tasks that are due and not leased by another worker."""
    next_at = dict(Schedule.objects.values_list("name", "next_at"))
    for task in TASKS:
        now = timezone.now()
        first = now if task.is_done_at_start else task.next_run(now)
        if task.name not in next_at:
            next_at[task.name] = Schedule.objects.get_or_create(name=task.name, defaults={"next_at": first})[0].next_at
        elif is_ahead(task, next_at[task.name], now):
            Schedule.objects.filter(name=task.name, next_at=next_at[task.name]).update(next_at=first)
            next_at[task.name] = first
            _log.error("schedule was ahead of the clock", extra={"task": task.name})
        if next_at[task.name] <= now and lease_task(task.name, now):
            _run(task, now)


def is_ahead(task: Task, next_at: datetime, now: datetime) -> bool:
    """Whether a stored time is later than the task's next turn, so that a clock was wrong when it was written."""
    return next_at > task.next_run(now + CLOCK_TOLERANCE)


def lease_task(name: str, now: datetime) -> bool:
    """Lease a task that is due; returns whether this worker got it."""
    is_over = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + LEASE + CLOCK_TOLERANCE)
    due = Schedule.objects.filter(name=name, next_at__lte=now).filter(is_over)
    return bool(due.update(leased_until=now + LEASE))


def _run(task: Task, now: datetime) -> None:
    try:
        task.do(now)
    except (DatabaseError, InterfaceError):
        raise
    except Exception as error:
        # A task that fails must not stop the letters; it runs again when its lease expires.
        _log.error("scheduled work failed", exc_info=error, extra={"task": task.name})
    else:
        Schedule.objects.filter(name=task.name).update(next_at=task.next_run(now), leased_until=None)
