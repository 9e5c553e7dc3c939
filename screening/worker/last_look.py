"""Whether `manage.py watch` still looks at the status. It records each look; worker and watch tell of each other."""

from datetime import datetime, timedelta

from screening.models import CheckResult
from screening.worker.clocks import CLOCK_TOLERANCE

LATE = timedelta(minutes=30)  # it looks every five minutes


def last_look() -> datetime | None:
    """When the watch last looked; None if it never did, as on a machine that has none."""
    result = CheckResult.of(CheckResult.WATCH)
    return result.checked_at if result else None


def watch_has_stopped(now: datetime) -> bool:
    looked_at = last_look()
    return looked_at is not None and not -CLOCK_TOLERANCE <= now - looked_at <= LATE
