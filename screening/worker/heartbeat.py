"""Whether a worker is at work, as the schedule shows: one looks at it every HEARTBEAT, or holds the lease of a task."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from screening.models import Schedule
from screening.worker import scheduler, tasks
from screening.worker.clocks import CLOCK_TOLERANCE

LATE = timedelta(minutes=2)  # after the time of the next beat


@dataclass(frozen=True)
class Heartbeat:
    """``last_round`` is None if no worker has ever run. Of several workers it is the latest."""

    last_round: datetime | None
    is_missing: bool


def heartbeat(now: datetime | None = None) -> Heartbeat:
    now = now or timezone.now()
    schedules = {one.name: one for one in Schedule.objects.all()}
    if "heartbeat" not in schedules:
        return Heartbeat(None, is_missing=True)
    next_at = schedules["heartbeat"].next_at
    ends = [one.leased_until for one in schedules.values() if one.leased_until]
    is_busy = any(now < end <= now + scheduler.LEASE + CLOCK_TOLERANCE for end in ends)
    return Heartbeat(next_at - tasks.HEARTBEAT, is_missing=not is_busy and next_at < now - LATE)
