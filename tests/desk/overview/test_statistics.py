"""The front page's statistics: weeks in the clinic's time zone, and the time to the first reply."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from screening.desk.overview import statistics
from screening.inquiries import services
from screening.models import Inquiry
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
TIJUANA = ZoneInfo("America/Tijuana")
NOW = datetime(2026, 11, 19, 10, tzinfo=TIJUANA)  # a Thursday; summer time ended on the first


def came(at: datetime, *, hours: float | None = None, promised: float = 72) -> Inquiry:
    """An inquiry received ``at``, first replied to after ``hours``."""
    made = inquiry()
    replied = at + timedelta(hours=hours) if hours is not None else None
    due = at + timedelta(hours=promised)
    Inquiry.objects.filter(pk=made.pk).update(received_at=at, first_reply_at=replied, reply_due_at=due)
    return made


def test_the_weeks_begin_on_monday_at_the_clinics_midnight_whatever_the_clocks_do():
    starts = statistics.weeks(NOW)
    assert len(starts) == 12
    assert starts[-1] == datetime(2026, 11, 16, tzinfo=TIJUANA)
    assert {(start.weekday(), start.hour) for start in starts} == {(0, 0)}
    assert starts[-4].utcoffset() != starts[-1].utcoffset()


def test_inquiries_are_counted_in_the_week_in_which_they_came():
    starts = statistics.weeks(NOW)
    for at in (starts[0], starts[0] + timedelta(minutes=1), starts[-1] - timedelta(minutes=1), starts[-1], NOW):
        came(at)
    came(starts[0] - timedelta(minutes=1))
    assert [week.came for week in statistics.by_week(starts)] == [2, *[0] * 9, 1, 2]


@pytest.mark.parametrize(
    ("hours", "median", "ninetieth"),
    [
        ([48], 48, 48),
        ([24, 48], 24, 48),
        ([1, 2, 3], 2, 3),
        (list(range(1, 11)), 5, 9),
        (list(range(1, 101)), 50, 90),
        ([0.5, 0.5, 100], 0, 100),
    ],
)
def test_half_and_nine_in_ten_are_those_of_the_nearest_rank(hours, median, ninetieth):
    starts = statistics.weeks(NOW)
    for each in hours:
        came(starts[3] + timedelta(hours=1), hours=each)
    weeks = [week.replies for week in statistics.by_week(starts)]
    assert weeks[3].answered == len(hours)
    assert weeks[3].median * 24 == pytest.approx(median)
    assert weeks[3].ninetieth * 24 == pytest.approx(ninetieth)
    assert [week for week in weeks if week] == [weeks[3]]


def test_the_promise_is_the_average_of_those_that_were_answered():
    starts = statistics.weeks(NOW)
    came(starts[1], hours=2, promised=72)
    came(starts[1], hours=2, promised=120)
    came(starts[1], promised=500)
    assert statistics.by_week(starts)[1].replies.promised == pytest.approx(4)


def test_open_ones_are_counted_by_status_and_language(staff):
    first, second, closed = inquiry(), inquiry(), inquiry()
    services.move_status(first, "in-review", staff)
    services.move_status(closed, "closed", staff, "spam")
    Inquiry.objects.filter(pk=second.pk).update(language="es")
    assert statistics.open_by_status() == {"new": 1, "in-review": 1, "waiting": 0, "offered": 0}
    assert statistics.open_by_language() == {"en": 1, "es": 1}
