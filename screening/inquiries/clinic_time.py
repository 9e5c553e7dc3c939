"""Local times and UTC: of the clinic, and of the time zone in which a patient reads a time. Pure; reads settings only.

A time zone is named as people say it, with its distance from UTC at that moment, and whether it is daylight saving.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import get_timezone_location, get_timezone_name
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# DATA: time zones to choose from beside the clinic's: where its patients live, and some of every other continent.
_NORTH_AMERICA = (
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/New_York",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Tijuana",
    "America/Hermosillo",
    "America/Mazatlan",
    "America/Ciudad_Juarez",
    "America/Mexico_City",
    "America/Monterrey",
    "America/Matamoros",
    "America/Cancun",
    "America/Vancouver",
    "America/Edmonton",
    "America/Winnipeg",
    "America/Toronto",
    "America/Halifax",
    "America/St_Johns",
)
_ELSEWHERE = (
    "America/Guatemala",
    "America/Bogota",
    "America/Lima",
    "America/Caracas",
    "America/Puerto_Rico",
    "America/Santiago",
    "America/Buenos_Aires",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Berlin",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)
_MINUS = "\N{MINUS SIGN}"


class MissingHour(ValueError):
    """The clocks go forward over this local time, so it does not exist."""


class DoubledHour(ValueError):
    """The clocks go back over this local time, so it exists twice."""


def clinic_zone() -> str:
    return str(settings.TIME_ZONE)


def zone_names() -> list[str]:
    """The time zones that a patient can choose, the clinic's first."""
    return list(dict.fromkeys((clinic_zone(), *_NORTH_AMERICA, *_ELSEWHERE)))


def known_zone(name: str) -> str:
    """``name`` if a patient can choose it, else the clinic's time zone."""
    return name if name in zone_names() else clinic_zone()


def to_utc(day: date, hour: time, second_time: bool | None = None) -> datetime:
    """The moment of a local time at the clinic. Raises MissingHour, and DoubledHour unless ``second_time`` is given."""
    zone = ZoneInfo(clinic_zone())
    first, second = (datetime.combine(day, hour.replace(fold=fold), tzinfo=zone) for fold in (0, 1))
    # Across a missing hour the offset of fold 0 is the smaller one (PEP 495).
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(zone).replace(fold=0, tzinfo=None) != first.replace(fold=0, tzinfo=None):
            raise MissingHour
        if second_time is None:
            raise DoubledHour
    return (second if second_time else first).astimezone(UTC)


def day_before(moment: datetime, hour: time) -> datetime:
    """An hour of the day before, at the clinic; one at which the clocks never change."""
    return to_utc(local(moment).date() - timedelta(days=1), hour, second_time=False)


def local(moment: datetime, zone: str = "") -> datetime:
    """The moment in a time zone, by default the clinic's."""
    return timezone.localtime(moment, ZoneInfo(zone or clinic_zone()))


def start_of_week(day: date) -> date:
    """The Monday on or before ``day``."""
    return day - timedelta(days=day.weekday())


def day_in_words(moment: datetime, zone: str = "") -> str:
    """Such as "Tuesday, December 1, 2026", in the active language."""
    return date_format(local(moment, zone), _("l, F j, Y"))


def hour_in_words(moment: datetime, zone: str = "") -> str:
    """Such as "9:00 a.m." or "9:00", in the active language."""
    return date_format(local(moment, zone), _("g:i a"))


def zone_in_words(moment: datetime, zone: str = "") -> str:
    """Such as "Pacific Time, UTC−7 (daylight saving)", in the active language."""
    at = local(moment, zone)
    values = {"zone": _zone_name(zone or clinic_zone(), get_language() or "en"), "distance": distance(at)}
    return (_("%(zone)s, %(distance)s (daylight saving)") if at.dst() else _("%(zone)s, %(distance)s")) % values


def time_in_words(moment: datetime, zone: str = "") -> str:
    """Day, hour and time zone in one line."""
    values = {
        "day": day_in_words(moment, zone),
        "hour": hour_in_words(moment, zone),
        "zone": zone_in_words(moment, zone),
    }
    return _("%(day)s, %(hour)s, %(zone)s") % values


def distance(at: datetime) -> str:
    """The distance of a local time from UTC, such as "UTC−7" or "UTC+5:30"."""
    offset = at.utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = _MINUS if offset < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def zone_choices(moment: datetime) -> list[tuple[str, str]]:
    """(name, label) of each time zone; the label has its place and its distance from UTC at ``moment``."""
    language = get_language() or "en"
    return [
        (name, f"{_zone_place(name, language)}: {_zone_name(name, language)}, {distance(local(moment, name))}")
        for name in zone_names()
    ]


@lru_cache(maxsize=256)
def _zone_name(zone: str, language: str) -> str:
    """Such as "Pacific Time" or "hora del Pacífico" (CLDR)."""
    return get_timezone_name(ZoneInfo(zone), zone_variant="generic", locale=Locale.parse(language, sep="-"))


@lru_cache(maxsize=256)
def _zone_place(zone: str, language: str) -> str:
    """Its city, such as "Los Angeles" or "Los Ángeles" (CLDR)."""
    return get_timezone_location(ZoneInfo(zone), Locale.parse(language, sep="-"), return_city=True)
