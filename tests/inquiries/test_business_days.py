from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from screening.inquiries import business_days

TIJUANA = ZoneInfo("America/Tijuana")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIJUANA)


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ("2026-11-23T10:00", "2026-11-26T18:00"),  # a Monday: three days later
        ("2026-11-23T00:00", "2026-11-26T18:00"),
        ("2026-11-23T23:59", "2026-11-26T18:00"),  # the hour makes no difference
        ("2026-11-27T10:00", "2026-12-02T18:00"),  # a Friday: over the weekend
        ("2026-11-28T10:00", "2026-12-02T18:00"),
        ("2026-11-29T10:00", "2026-12-02T18:00"),
        ("2026-11-13T10:00", "2026-11-19T18:00"),  # Revolution Day, the third Monday of November
        ("2026-09-15T10:00", "2026-09-21T18:00"),  # Independence Day
        ("2026-12-23T10:00", "2026-12-29T18:00"),  # Christmas
        ("2026-12-30T10:00", "2027-01-05T18:00"),  # over New Year
        ("2026-03-06T10:00", "2026-03-11T18:00"),  # summer time begins on 8 March
        ("2026-10-30T10:00", "2026-11-04T18:00"),  # and ends on 1 November
    ],
)
def test_a_reply_is_due_at_the_end_of_the_third_business_day(came, due):
    assert business_days.reply_due(at(came)) == at(due)


def test_the_day_of_arrival_is_the_clinics_and_not_that_of_greenwich():
    late_on_monday = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    assert business_days.reply_due(late_on_monday) == at("2026-11-26T18:00")


def test_the_hour_stays_six_in_the_evening_when_clocks_are_set():
    due = business_days.reply_due(at("2026-03-06T10:00"))
    assert due.astimezone(UTC) == datetime(2026, 3, 12, 1, 0, tzinfo=UTC)  # 18:00 in summer time
    due = business_days.reply_due(at("2026-03-02T10:00"))
    assert due.astimezone(UTC) == datetime(2026, 3, 6, 2, 0, tzinfo=UTC)  # 18:00 in winter time


@pytest.mark.parametrize(
    ("day", "in_mexico", "in_both"),
    [
        ("2026-11-26", True, False),  # Thanksgiving
        ("2026-07-03", True, False),  # Independence Day is a Saturday, so the Friday is the holiday
        ("2026-11-16", False, False),
        ("2024-10-01", False, False),  # Mexico's change of government, every six years
        ("2027-12-31", True, False),  # New Year's Day of 2028 is a Saturday
        ("2026-11-25", True, True),
    ],
)
def test_public_holidays_are_mexicos_and_if_set_the_united_states(day, in_mexico, in_both, settings):
    date = datetime.fromisoformat(day).date()
    assert business_days.is_business_day(date) is in_mexico
    settings.HOLIDAYS_UNITED_STATES = True
    assert business_days.is_business_day(date) is in_both


def test_the_number_of_days_and_the_time_zone_are_settings(settings):
    settings.REPLY_WITHIN_DAYS, settings.TIME_ZONE = 1, "America/Cancun"
    assert business_days.reply_due(at("2026-11-23T23:00")) == datetime(
        2026, 11, 25, 18, tzinfo=ZoneInfo("America/Cancun")
    )


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-23T07:59", "2026-11-23T08:00"),
        ("2026-11-23T08:00", "2026-11-24T08:00"),
        ("2026-11-27T12:00", "2026-11-30T08:00"),
        ("2026-11-13T12:00", "2026-11-17T08:00"),
        ("2026-11-28T07:00", "2026-11-30T08:00"),
    ],
)
def test_the_next_working_morning_leaves_out_days_off(now, morning):
    assert business_days.next_working_morning(at(now)) == at(morning)


@pytest.mark.parametrize(
    ("away", "words", "palabras"),
    [
        (timedelta(days=2, hours=23), "2 days left", "faltan 2 días"),
        (timedelta(days=1), "1 day left", "falta 1 día"),
        (timedelta(hours=23, minutes=59), "23 hours left", "faltan 23 horas"),
        (timedelta(hours=2, minutes=1), "2 hours left", "faltan 2 horas"),
        (timedelta(minutes=59), "59 minutes left", "faltan 59 minutos"),
        (timedelta(seconds=61), "1 minute left", "falta 1 minuto"),
        (timedelta(seconds=59), "due now", "vence ahora"),
        (timedelta(0), "due now", "vence ahora"),
        (timedelta(seconds=-59), "due now", "vence ahora"),
        (timedelta(minutes=-5), "5 minutes late", "5 minutos de retraso"),
        (timedelta(hours=-1), "1 hour late", "1 hora de retraso"),
        (timedelta(days=-1, hours=-5), "1 day late", "1 día de retraso"),
        (timedelta(days=-400), "400 days late", "400 días de retraso"),
    ],
)
def test_how_far_the_promise_is_in_words(away, words, palabras):
    now = at("2026-11-23T10:00")
    assert business_days.time_left(now + away, now) == words
    with override("es"):
        assert business_days.time_left(now + away, now) == palabras


def test_the_hour_that_is_skipped_in_march_is_not_counted():
    assert business_days.time_left(at("2026-03-08T04:00"), at("2026-03-08T01:00")) == "2 hours left"


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        ("2026-03-02T09:00:00", "2026-03-02T11:00:00+00:00"),
        ("2026-03-02T11:00:00", "2026-03-03T11:00:00+00:00"),
        ("2026-03-07T20:00:00", "2026-03-08T10:00:00+00:00"),
        ("2026-11-01T05:00:00", "2026-11-01T11:00:00+00:00"),
    ],
    ids=["before three", "at three", "the night clocks are set forward", "the night they are set back"],
)
def test_the_next_night_is_three_oclock_at_the_clinic(moment, night):
    found = business_days.next_night(datetime.fromisoformat(f"{moment}+00:00"))
    assert found.astimezone(UTC).isoformat() == night
