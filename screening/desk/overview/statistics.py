"""The figures of the front page, asked of the database in a fixed number of queries, each bounded. No answer counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Func, IntegerField, Sum, Value, When

from screening.desk.capped_counts import capped_count
from screening.desk.inbox.tabs import OPEN
from screening.inquiries import business_days
from screening.models import Inquiry, turn_of

WEEKS = 12


@dataclass(frozen=True)
class ReplyTimes:
    """Of the inquiries of one week that have been answered: times in days, ``promised`` on average."""

    answered: int
    median: float
    ninetieth: float
    promised: float


@dataclass(frozen=True)
class WeekStatistics:
    """``replies`` is None where none of its inquiries has been answered."""

    came: int
    replies: ReplyTimes | None


def weeks(now: datetime) -> list[datetime]:
    """The beginnings of the last WEEKS weeks at the clinic, the present one last."""
    today = business_days.start_of_day(now)
    # Added to a wall clock, a week stays a week where an hour is put forward or back.
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]


def by_week(starts: list[datetime]) -> list[WeekStatistics]:
    """How many inquiries came in each week, and how long the first reply to them took.

    The database counts how many took so many hours, so it gives a few hundred lines however many inquiries there are.
    """
    counted = (
        Inquiry.objects.filter(received_at__gte=starts[0])
        .values(week=_number_of_week(starts), took=_Hours("first_reply_at", "received_at"))
        .annotate(many=Count("received_at"), promised=Sum(_Hours("reply_due_at", "received_at")))
        .order_by("week", "took")
    )
    lines: list[list[dict]] = [[] for _ in starts]
    for line in counted:
        lines[line["week"]].append(line)
    return [WeekStatistics(sum(line["many"] for line in each), _replies(each)) for each in lines]


def _replies(lines: list[dict]) -> ReplyTimes | None:
    lines = [line for line in lines if line["took"] is not None]
    answered = sum(line["many"] for line in lines)
    if not answered:
        return None
    promised = sum(line["promised"] for line in lines) / answered
    return ReplyTimes(
        answered, _percentile(lines, answered, 50) / 24, _percentile(lines, answered, 90) / 24, promised / 24
    )


def _percentile(lines: list[dict], answered: int, percent: int) -> int:
    """The hours within which so many in a hundred were answered: those of the nearest rank."""
    left = -(-answered * percent // 100)
    for line in lines:
        left -= line["many"]
        if left <= 0:
            break
    return line["took"]


def open_by_status() -> dict[str, int]:
    return {status: capped_count(Inquiry.objects.filter(turn=turn_of(status), status=status)) for status in OPEN}


def open_by_language() -> dict[str, int]:
    return {code: capped_count(Inquiry.objects.open().filter(language=code)) for code, _name in settings.LANGUAGES}


def _number_of_week(starts: list[datetime]) -> Case:
    whens = [When(received_at__lt=end, then=Value(number)) for number, end in enumerate(starts[1:])]
    return Case(*whens, default=Value(len(starts) - 1), output_field=IntegerField())


class _Hours(Func):
    """The whole hours from the second moment to the first."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any):
        # To the second first: a day of its calendar is a fraction, and an hour may come out a hair too short.
        template, between = "CAST(ROUND((JULIANDAY(%(expressions)s)) * 86400) AS INTEGER) / 3600", ") - JULIANDAY("
        return super().as_sql(compiler, connection, template=template, arg_joiner=between, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any):
        template = "CAST(FLOOR(EXTRACT(EPOCH FROM (%(expressions)s)) / 3600) AS INTEGER)"
        return super().as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)
