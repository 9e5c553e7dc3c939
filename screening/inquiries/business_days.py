"""Business days of the clinic: reply deadlines, working mornings, and the time left. Pure; reads settings only.

A business day is not a Saturday, a Sunday or a public holiday of Mexico; with HOLIDAYS_UNITED_STATES not a federal
holiday of the United States either.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils.translation import gettext, ngettext

# Staff go home at six. Daylight saving time never changes at this hour, so the moment exists once on every day.
DAY_ENDS = time(18, 0)
MORNING = time(8, 0)
NIGHT = time(3, 0)

_SATURDAY = 5


def reply_due(received_at: datetime) -> datetime:
    """18:00 of the REPLY_WITHIN_DAYS-th business day after the day of arrival, in the clinic's time zone.

    The day of arrival never counts, so the deadline is the same for all inquiries of one day.
    """
    day = _local(received_at).date()
    for _ in range(settings.REPLY_WITHIN_DAYS):
        day = _business_day_after(day)
    return _at(day, DAY_ENDS)


def next_working_morning(moment: datetime) -> datetime:
    """The next 8:00 of a business day after ``moment``."""
    today = _local(moment).date()
    if is_business_day(today) and moment < _at(today, MORNING):
        return _at(today, MORNING)
    return _at(_business_day_after(today), MORNING)


def next_night(moment: datetime) -> datetime:
    """The next 3:00 after ``moment``, the time of long tasks."""
    tonight = _at(_local(moment).date(), NIGHT)
    return tonight if moment < tonight else _at(_local(moment).date() + timedelta(days=1), NIGHT)


def start_of_day(moment: datetime) -> datetime:
    """Midnight before ``moment``, in the clinic's time zone."""
    return _at(_local(moment).date(), time.min)


def is_business_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in _public_holidays(settings.HOLIDAYS_UNITED_STATES)


def time_left(due: datetime, now: datetime) -> str:
    """Text such as "2 hours left" or "1 day late", in the active language, in one unit rounded down."""
    # In UTC: Python subtracts datetimes of one time zone by wall clock, an hour wrong across a change of DST.
    minutes = int(abs(due.astimezone(UTC) - now.astimezone(UTC)) / timedelta(minutes=1))
    hours, days = minutes // 60, minutes // (24 * 60)
    if not minutes:
        return gettext("due now")
    return _left(days, hours, minutes) if due > now else _late(days, hours, minutes)


def _left(days: int, hours: int, minutes: int) -> str:
    if days:
        return ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    if hours:
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return ngettext("%(count)d minute left", "%(count)d minutes left", minutes) % {"count": minutes}


def _late(days: int, hours: int, minutes: int) -> str:
    if days:
        return ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
    if hours:
        return ngettext("%(count)d hour late", "%(count)d hours late", hours) % {"count": hours}
    return ngettext("%(count)d minute late", "%(count)d minutes late", minutes) % {"count": minutes}


def _business_day_after(day: date) -> date:
    day += timedelta(days=1)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=ZoneInfo(settings.TIME_ZONE))


@lru_cache(maxsize=2)
def _public_holidays(with_united_states: bool) -> holidays.HolidayBase:
    """The calendar of the `holidays` library, which computes each year lazily."""
    mexico = holidays.country_holidays("MX")
    return mexico + holidays.country_holidays("US") if with_united_states else mexico
