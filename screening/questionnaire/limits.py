"""How often one client may post within an hour; counted by a keyed hash of its address that changes every hour."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from screening.inquiries.sealed import blind
from screening.models import Tally

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    name: str
    most: int  # an hour


# Whole mobile networks share one address, so the limits are far above what a person needs.
STEPS = Limit("steps", 400)
SENDS = Limit("sends", 20)


class TooMany(Exception):
    """The client has reached the limit of this hour."""


def count(limit: Limit, address: str) -> None:
    """Count one more post from an address, or raise TooMany; in the caller's transaction where there is one.

    One statement, so that two processes never both take the last place; a post that is refused writes nothing.
    """
    ends_at = _end_of_hour()
    client = blind("client", f"{limit.name}\0{ends_at:%Y%m%d%H}\0{address}")
    table = connection.ops.quote_name(Tally._meta.db_table)
    statement = (
        f"INSERT INTO {table} (client, times, ends_at) VALUES (%s, 1, %s) ON CONFLICT (client) "  # noqa: S608
        f"DO UPDATE SET times = {table}.times + 1 WHERE {table}.times < %s RETURNING times"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [client, connection.ops.adapt_datetimefield_value(ends_at), limit.most])
        if cursor.fetchone() is None:
            raise TooMany


def seconds_to_wait() -> int:
    """Until the counting begins anew."""
    return int((_end_of_hour() - timezone.now()).total_seconds()) + 1


def forget_past_hours() -> int:
    """Erase the counts of hours that are over; returns how many."""
    return Tally.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def _end_of_hour() -> datetime:
    return timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0) + HOUR
