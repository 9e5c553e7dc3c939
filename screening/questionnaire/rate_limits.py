"""Rate limits: posts per client in an hour, mails per mailbox in a day, counted by keyed hashes that change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import connection
from django.db.models import Min, Sum
from django.utils import timezone

from screening.models import Tally
from screening.privacy.blind_index import blind_index

HOUR = timedelta(hours=1)
BUCKETS = 6  # before the current one; the oldest counts until its last post is as old as the limit's window

_TABLE = Tally._meta.db_table
_PLACEHOLDERS = ", ".join(["%s"] * BUCKETS)
_COUNT = (
    f"WITH earlier AS (SELECT COALESCE(SUM(times), 0) AS times FROM {_TABLE} WHERE client IN ({_PLACEHOLDERS})) "  # noqa: S608
    f"INSERT INTO {_TABLE} (client, times, ends_at) SELECT %s, 1, %s FROM earlier WHERE times < %s "
    f"ON CONFLICT (client) DO UPDATE SET times = {_TABLE}.times + 1 "
    f"WHERE {_TABLE}.times + (SELECT times FROM earlier) < %s RETURNING times"
)


@dataclass(frozen=True)
class RateLimit:
    name: str
    maximum: int  # within any window
    window: timedelta = HOUR

    @property
    def bucket(self) -> timedelta:
        """The posts of one bucket are counted in one row."""
        return self.window / BUCKETS


# Mobile networks share addresses between many people, so the limits are far above what one person needs.
STEPS = RateLimit("steps", 400)
SENDS = RateLimit("sends", 20)
STORED_INPUT = RateLimit("kept", 40)  # pages above the STEPS limit whose input is still stored
CODES = RateLimit("codes", 2)  # of the patient's page, for one inquiry


class RateLimited(Exception):
    """The client has reached the limit; ``seconds`` until it may post again."""

    def __init__(self, seconds: int):
        super().__init__()
        self.seconds = seconds

    @property
    def minutes(self) -> int:
        return ceil(self.seconds / 60)


def check_rate_limit(limit: RateLimit, address: str) -> None:
    """Count a post from an address, or raise RateLimited; runs in the caller's transaction, if any.

    One statement, so that concurrent processes never exceed the limit: it locks and rereads the current bucket's row,
    and earlier buckets no longer change. A rejected post writes nothing.
    """
    client, *earlier = _bucket_keys(limit, address)
    ends_at = connection.ops.adapt_datetimefield_value(_bucket_start(limit) + limit.bucket + limit.window)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [*earlier, client, ends_at, limit.maximum, limit.maximum])
        if cursor.fetchone() is None:
            raise RateLimited(_seconds_to_wait([client, *earlier]))


def seconds_until_free(limit: RateLimit, address: str) -> int:
    """The seconds until the client may post again, or 0. Counts nothing."""
    clients = _bucket_keys(limit, address)
    times = Tally.objects.filter(client__in=clients).aggregate(times=Sum("times"))["times"]
    return _seconds_to_wait(clients) if (times or 0) >= limit.maximum else 0


def delete_expired_counts() -> int:
    """Delete the expired counts; returns how many."""
    return Tally.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def _seconds_to_wait(clients: list[str]) -> int:
    """The seconds until the oldest of these buckets expires."""
    ends_at = Tally.objects.filter(client__in=clients).aggregate(first=Min("ends_at"))["first"]
    return int(ceil((ends_at - timezone.now()).total_seconds()))


def _bucket_start(limit: RateLimit) -> datetime:
    seconds = limit.bucket.total_seconds()
    return datetime.fromtimestamp(timezone.now().timestamp() // seconds * seconds, UTC)


def _bucket_keys(limit: RateLimit, address: str) -> list[str]:
    """The keys of the current bucket and of those before it, newest first."""
    start = _bucket_start(limit)
    return [_bucket_key(limit, address, start - limit.bucket * number) for number in range(BUCKETS + 1)]


def _bucket_key(limit: RateLimit, address: str, start: datetime) -> str:
    """A keyed hash of the client's address, different in each bucket."""
    return blind_index("client", f"{limit.name}\0{start.timestamp():.0f}\0{address}")
