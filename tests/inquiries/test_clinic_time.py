from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from screening.inquiries import clinic_time

WINTER, SUMMER = datetime(2026, 12, 1, 17, tzinfo=UTC), datetime(2026, 7, 1, 17, tzinfo=UTC)


def test_a_local_time_is_utc_with_and_without_daylight_saving():
    assert clinic_time.to_utc(date(2026, 12, 1), time(9)) == WINTER
    assert clinic_time.to_utc(date(2026, 7, 1), time(10)) == SUMMER


def test_the_missing_hour_does_not_exist_and_the_hours_beside_it_do():
    day = date(2027, 3, 14)  # Tijuana: 2:00 becomes 3:00
    for missing in (time(2), time(2, 55)):
        with pytest.raises(clinic_time.MissingHour):
            clinic_time.to_utc(day, missing, second_time=True)
    assert clinic_time.to_utc(day, time(3)) == datetime(2027, 3, 14, 10, tzinfo=UTC)
    assert clinic_time.to_utc(day, time(1, 55)) == datetime(2027, 3, 14, 9, 55, tzinfo=UTC)


def test_of_the_doubled_hour_one_has_to_be_chosen():
    day, hour = date(2026, 11, 1), time(1, 30)  # Tijuana: 2:00 becomes 1:00
    with pytest.raises(clinic_time.DoubledHour):
        clinic_time.to_utc(day, hour)
    assert clinic_time.to_utc(day, hour, second_time=False) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert clinic_time.to_utc(day, hour, second_time=True) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "language", "words"),
    [
        (WINTER, "", "en", "Tuesday, December 1, 2026, 9:00 a.m., Pacific Time, UTC−8"),
        (SUMMER, "", "en", "Wednesday, July 1, 2026, 10:00 a.m., Pacific Time, UTC−7 (daylight saving)"),
        (SUMMER, "America/Phoenix", "en", "Wednesday, July 1, 2026, 10:00 a.m., Mountain Time, UTC−7"),
        (WINTER, "Asia/Kolkata", "en", "Tuesday, December 1, 2026, 10:30 p.m., India Time, UTC+5:30"),
        (SUMMER, "", "es", "miércoles 1 de julio de 2026, 10:00, hora del Pacífico, UTC−7 (horario de verano)"),
        (WINTER, "America/Mexico_City", "es", "martes 1 de diciembre de 2026, 11:00, hora central, UTC−6"),
    ],
)
def test_a_time_in_words_says_whether_it_is_daylight_saving(moment, zone, language, words):
    with override(language):
        assert clinic_time.time_in_words(moment, zone) == words


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("zone", ["America/Tijuana", "UTC", "Europe/Lisbon"])
def test_the_clinics_time_zone_is_the_first_to_choose_and_each_has_a_name(settings, language, zone):
    settings.TIME_ZONE = zone
    with override(language):
        choices = clinic_time.zone_choices(WINTER)
    assert choices[0][0] == zone
    assert len({name for name, _label in choices}) == len({label for _name, label in choices}) == len(choices)
    assert all(ZoneInfo(name) and "UTC" in label for name, label in choices)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "america/tijuana", "\x00"])
def test_an_unknown_time_zone_is_the_clinics(name):
    assert clinic_time.known_zone(name) == "America/Tijuana"


def test_the_day_before_is_by_the_clinics_calendar():
    late = clinic_time.to_utc(date(2026, 12, 2), time(23, 30))
    assert clinic_time.day_before(late, time(9)) == clinic_time.to_utc(date(2026, 12, 1), time(9))
