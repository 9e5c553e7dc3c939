"""The figures of the front page, in a fixed number of bounded queries. None depends on an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, TypedDict, cast

from django.conf import settings
from django.db.models import Case, Count, Func, IntegerField, Sum, Value, When

from screening.desk.capped_counts import capped_count
from screening.desk.inbox.tabs import OPEN
from screening.inquiries import business_days
from screening.models import Inquiry, turn_of

WEEKS = 12


class _HourCount(TypedDict):
    """``many`` inquiries of ``week`` had their first reply after ``took`` hours; None: no reply yet."""

    week: int
    took: int | None
    many: int
    promised: int  # hours, added up


@dataclass(frozen=True)
class ReplyTimes:
    """Times in days for the answered inquiries of one week; ``promised`` is a mean."""

    answered: int
    median: float
    ninetieth: float
    promised: float


@dataclass(frozen=True)
class WeekStatistics:
    """``replies`` is None if none of its inquiries has been answered."""

    came: int
    replies: ReplyTimes | None


def weeks(now: datetime) -> list[datetime]:
    """The starts of the last WEEKS weeks in the clinic's time zone, the current one last."""
    today = business_days.start_of_day(now)
    # Wall-clock arithmetic: a week stays a week when the clocks change.
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]


def by_week(starts: list[datetime]) -> list[WeekStatistics]:
    """How many inquiries arrived in each week, and how long their first reply took.

    The database groups by whole hours, so it returns a few hundred rows for any number of inquiries.
    """
    counted = (
        Inquiry.objects.filter(received_at__gte=starts[0])
        .values(week=_number_of_week(starts), took=_Hours("first_reply_at", "received_at"))
        .annotate(many=Count("received_at"), promised=Sum(_Hours("reply_due_at", "received_at")))
        .order_by("week", "took")
    )
    by_week: list[list[_HourCount]] = [[] for _ in starts]
    for row in counted:
        by_week[row["week"]].append(cast(_HourCount, row))
    return [WeekStatistics(sum(row["many"] for row in rows), _replies(rows)) for rows in by_week]


def _replies(rows: list[_HourCount]) -> ReplyTimes | None:
    hours = [(row["took"], row["many"]) for row in rows if row["took"] is not None]
    answered = sum(many for _took, many in hours)
    if not answered:
        return None
    promised = sum(row["promised"] for row in rows if row["took"] is not None) / answered
    return ReplyTimes(answered, _percentile(hours, 50) / 24, _percentile(hours, 90) / 24, promised / 24)


def _percentile(hours: list[tuple[int, int]], percent: int) -> int:
    """The nearest-rank percentile of ``(hours, count)`` pairs in ascending order."""
    rank = -(-sum(many for _took, many in hours) * percent // 100)
    below = accumulate(many for _took, many in hours)
    return next(took for (took, _many), reached in zip(hours, below, strict=True) if reached >= rank)


def open_by_status() -> dict[str, int]:
    return {status: capped_count(Inquiry.objects.filter(turn=turn_of(status), status=status)) for status in OPEN}


def open_by_language() -> dict[str, int]:
    return {code: capped_count(Inquiry.objects.open().filter(language=code)) for code, _name in settings.LANGUAGES}


def _number_of_week(starts: list[datetime]) -> Case:
    whens = [When(received_at__lt=end, then=Value(number)) for number, end in enumerate(starts[1:])]
    return Case(*whens, default=Value(len(starts) - 1), output_field=IntegerField())


class _Hours(Func):
    """Whole hours from the second timestamp to the first."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Rounded to seconds first: Julian days are fractions, and an hour may come out slightly too short.
        template, between = "CAST(ROUND((JULIANDAY(%(expressions)s)) * 86400) AS INTEGER) / 3600", ") - JULIANDAY("
        return super().as_sql(compiler, connection, template=template, arg_joiner=between, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 3600) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)
