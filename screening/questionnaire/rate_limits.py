"""How often one client may post within an hour, whichever hour; counted by keyed hashes of its address that change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import connection
from django.db.models import Min, Sum
from django.utils import timezone

from screening.models import Tally
from screening.privacy.blind_index import blind_index

HOUR = timedelta(hours=1)
BUCKET = timedelta(minutes=10)  # posts of one span are counted in one row
BUCKETS = HOUR // BUCKET  # before the present one: the oldest of them is counted until its last post is an hour old

_TABLE = Tally._meta.db_table
_BEFORE = ", ".join(["%s"] * BUCKETS)
_COUNT = (
    f"WITH earlier AS (SELECT COALESCE(SUM(times), 0) AS times FROM {_TABLE} WHERE client IN ({_BEFORE})) "  # noqa: S608
    f"INSERT INTO {_TABLE} (client, times, ends_at) SELECT %s, 1, %s FROM earlier WHERE times < %s "
    f"ON CONFLICT (client) DO UPDATE SET times = {_TABLE}.times + 1 "
    f"WHERE {_TABLE}.times + (SELECT times FROM earlier) < %s RETURNING times"
)


@dataclass(frozen=True)
class RateLimit:
    name: str
    most: int  # an hour


# Whole mobile networks share one address, so the limits are far above what a person needs.
STEPS = RateLimit("steps", 400)
SENDS = RateLimit("sends", 20)
KEPT = RateLimit("kept", 40)  # pages above the limit of steps whose input is kept nevertheless


class RateLimited(Exception):
    """The client has reached the limit; ``seconds`` until there is a place again."""

    def __init__(self, seconds: int):
        super().__init__()
        self.seconds = seconds

    @property
    def minutes(self) -> int:
        return ceil(self.seconds / 60)


def check_rate_limit(limit: RateLimit, address: str) -> None:
    """Count one more post from an address, or raise TooMany; in the caller's transaction where there is one.

    One statement, so that two processes never both take the last place: the present span's row is locked and read
    anew, and those of earlier spans change no more. A post that is refused writes nothing.
    """
    begin = _bucket_start()
    client, *before = (_bucket_key(limit, address, begin - BUCKET * number) for number in range(BUCKETS + 1))
    ends_at = connection.ops.adapt_datetimefield_value(begin + BUCKET + HOUR)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [*before, client, ends_at, limit.most, limit.most])
        if cursor.fetchone() is None:
            raise RateLimited(_seconds_to_wait([client, *before]))


def seconds_until_free(limit: RateLimit, address: str) -> int:
    """How long the client has to wait before a post counts again; 0 when it need not wait. Counts nothing."""
    begin = _bucket_start()
    clients = [_bucket_key(limit, address, begin - BUCKET * number) for number in range(BUCKETS + 1)]
    times = Tally.objects.filter(client__in=clients).aggregate(times=Sum("times"))["times"]
    return _seconds_to_wait(clients) if (times or 0) >= limit.most else 0


def delete_expired_counts() -> int:
    """Erase the counts of spans that no longer matter; returns how many."""
    return Tally.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def _seconds_to_wait(clients: list[str]) -> int:
    """Until the oldest span of these counts no more, and so gives back its places."""
    ends_at = Tally.objects.filter(client__in=clients).aggregate(first=Min("ends_at"))["first"]
    return int(ceil((ends_at - timezone.now()).total_seconds()))


def _bucket_start() -> datetime:
    return datetime.fromtimestamp(timezone.now().timestamp() // BUCKET.seconds * BUCKET.seconds, UTC)


def _bucket_key(limit: RateLimit, address: str, begin: datetime) -> str:
    """What a client is called in one span: a hash that tells nothing, and another one in the next span."""
    return blind_index("client", f"{limit.name}\0{begin.timestamp():.0f}\0{address}")
