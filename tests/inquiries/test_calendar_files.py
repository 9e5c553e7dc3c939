"""Calendar files as a calendar program reads them."""

from datetime import UTC

import pytest
from icalendar import Calendar

from screening.inquiries import services
from screening.inquiries.calendar_files import calendar_feed, calendar_file
from screening.models import Appointment
from tests.builders import inquiry, offer, upcoming

pytestmark = pytest.mark.django_db
ALLOWED = {
    "UID",
    "DTSTAMP",
    "LAST-MODIFIED",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "ORGANIZER",
    "STATUS",
    "CLASS",
}


def read(appointment: Appointment):
    """The calendar and its only event."""
    appointment.refresh_from_db()
    calendar = Calendar.from_ical(calendar_file(appointment))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_one_entry_is_tentative_confirmed_moved_and_cancelled(staff, settings):
    settings.DEFAULT_FROM_EMAIL = "hello@clinic.example"
    one = offer(inquiry(), staff, upcoming(2))
    services.take(one.inquiry_id, one.pk, "America/Chicago")
    calendar, event = read(one)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("PUBLISH", "TENTATIVE", 0)
    assert event["SUMMARY"] == one.inquiry.reference
    assert event["ORGANIZER"] == "mailto:hello@clinic.example"
    assert event.decoded("DTSTART") == one.starts_at
    assert event.decoded("DTSTART").tzinfo in (UTC, event.decoded("DTEND").tzinfo)
    services.confirm(one.inquiry, one.pk, staff)
    _calendar, confirmed = read(one)
    services.move(one.inquiry, one.pk, upcoming(3, minutes=60), staff)
    _calendar, moved = read(one)
    services.cancel(one.inquiry, one.pk, staff)
    calendar, cancelled = read(one)
    assert (calendar["METHOD"], cancelled["STATUS"]) == ("CANCEL", "CANCELLED")
    assert [each["SEQUENCE"] for each in (event, confirmed, moved, cancelled)] == [0, 1, 2, 3]
    assert len({each["UID"] for each in (event, confirmed, moved, cancelled)}) == 1
    assert moved.decoded("DTEND") - moved.decoded("DTSTART") == upcoming(3, minutes=60).minutes * (
        (event.decoded("DTEND") - event.decoded("DTSTART")) / 30
    )


def test_a_file_has_times_in_utc_and_nothing_personal(staff):
    one = offer(inquiry(), staff, upcoming(2, kind="video", link="https://meet.example/secret"))
    services.take(one.inquiry_id, one.pk, "America/Chicago")
    _calendar, event = read(one)
    text = calendar_file(one)
    assert set(event) == ALLOWED
    assert f"DTSTART:{one.starts_at:%Y%m%dT%H%M%SZ}" in text
    assert not any(word in text for word in ("Ana", "Pérez", "example.com", "meet.example", "Chicago", "arthritis"))


def test_it_is_the_same_whenever_it_is_made(staff):
    one = offer(inquiry(), staff)
    services.take(one.inquiry_id, one.pk, "")
    one.refresh_from_db()
    assert calendar_file(one) == calendar_file(Appointment.objects.get(pk=one.pk))


def test_an_empty_feed_is_a_calendar_too():
    assert Calendar.from_ical(calendar_feed([])).walk("VEVENT") == []
