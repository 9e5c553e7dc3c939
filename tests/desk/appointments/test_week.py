"""The week's appointments on the desk."""

import json
from datetime import date, time, timedelta

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from screening.inquiries import clinic_time, services
from screening.models import Appointment
from tests.accounts.people import member, signed_in
from tests.builders import inquiry, offer, upcoming

pytestmark = pytest.mark.django_db


def week_of(client, appointment: Appointment | None = None, **query):
    day = clinic_time.local(appointment.starts_at).date() if appointment else None
    return client.get(reverse("admin:screening_appointments"), {"week": day.isoformat()} if day else query)


def booked(staff, time: services.Time, **changed) -> Appointment:
    made = inquiry(**changed)
    one = offer(made, staff, time)
    services.take(made.pk, one.pk, "")
    return one


@pytest.mark.slow
def test_it_lists_what_is_booked_by_day_at_the_clinics_time(desk, staff):
    later = booked(staff, upcoming(2, after=timedelta(hours=2)), name="Luis Vega")
    earlier = booked(staff, upcoming(2, minutes=60, kind="visit"))
    offer(inquiry(name="Only Offered"), staff, upcoming(2, after=timedelta(hours=4)))
    cancelled = booked(staff, upcoming(2, after=timedelta(hours=5)), name="Who Cancelled")
    services.cancel_by_patient(cancelled.inquiry_id, cancelled.pk)
    page = week_of(desk, earlier).content.decode()
    assert clinic_time.day_in_words(earlier.starts_at) in page
    assert "10:00 a.m.–11:00 a.m." in page
    assert page.index("Ana Pérez") < page.index("Luis Vega")
    assert later.inquiry.reference in page
    assert "Taken, to be confirmed" in page
    assert "Only Offered" not in page
    assert "Who Cancelled" not in page


def test_the_names_are_in_no_title_or_address(desk, staff):
    page = week_of(desk, booked(staff, upcoming(2))).content.decode()
    assert "Ana" not in page.partition("</title>")[0]
    assert "Ana" not in "".join(part.partition('"')[0] for part in page.split('href="')[1:])


def test_weeks_begin_on_monday_and_lead_to_their_neighbours(desk):
    page = week_of(desk, week="2026-12-03").content.decode()
    assert "November 30, 2026 to December 6, 2026" in page
    assert "?week=2026-11-23" in page
    assert "?week=2026-12-07" in page
    assert "No appointments in this week" in page


def test_an_appointment_at_midnight_of_the_clinic_is_in_its_own_week(desk, staff):
    with time_machine.travel("2026-12-01T12:00:00-08:00"):
        desk.force_login(staff)
        made = inquiry()
        sunday = services.Time(clinic_time.to_utc(*_at("2026-12-06", 23, 30)), 30, "call")
        monday = services.Time(clinic_time.to_utc(*_at("2026-12-07", 0, 0)), 30, "call")
        for offered in services.offer_times(made, [sunday, monday], staff):
            services.confirm(made, offered.pk, staff) if offered.starts_at == sunday.starts_at else None
        assert "11:30 p.m." in week_of(desk, week="2026-12-06").content.decode()
        assert "11:30 p.m." not in week_of(desk, week="2026-12-07").content.decode()


def _at(day: str, hour: int, minute: int) -> tuple[date, time]:
    return date.fromisoformat(day), time(hour, minute)


@pytest.mark.parametrize("week", ["soon", "2026-13-01", "0001-01-01", "9999-12-31", "\x00", "2026-W49-1"])
def test_an_address_of_no_week_is_not_found_or_a_week(desk, week):
    assert week_of(desk, week=week).status_code in (200, 404)


def test_in_the_week_of_a_clock_change_each_day_is_at_its_own_time(desk, staff):
    with time_machine.travel("2027-03-10T12:00:00-08:00"):
        desk.force_login(staff)
        made = inquiry()
        for offered in services.offer_times(made, [upcoming(3), upcoming(4)], staff):
            Appointment.objects.filter(pk=offered.pk).update(state="confirmed")
        page = week_of(desk, week="2027-03-13").content.decode()
        assert page.count("10:00 a.m.–10:30 a.m.") == 2


def test_that_names_were_shown_is_recorded_once_a_day_and_in_no_inquirys_history(staff):
    one = booked(staff, upcoming(2))
    before = one.inquiry.events.count()
    reader = signed_in(member("Reader"))
    for _time in range(3):
        week_of(reader, one)
    shown = [entry for entry in LogEntry.objects.all() if entry.change_message == "appointments-shown"]
    assert len(shown) == 1
    assert "Ana" not in json.dumps([str(entry) for entry in shown])
    assert one.inquiry.events.count() == before


def test_an_empty_week_records_nothing(desk):
    week_of(desk, week="2026-12-03")
    assert not LogEntry.objects.filter(change_message="appointments-shown").exists()


def test_what_was_withdrawn_on_legal_hold_is_shown_to_managers_only(staff):
    one = booked(staff, upcoming(2))
    services.place_hold(one.inquiry, "a dispute", staff)
    services.withdraw(one.inquiry_id)
    Appointment.objects.update(state="no-show")
    assert one.inquiry.reference not in week_of(signed_in(member("Reviewer")), one).content.decode()
    assert one.inquiry.reference in week_of(signed_in(member("Manager")), one).content.decode()


def test_an_inquiry_that_cannot_be_decrypted_does_not_hide_the_others(desk, staff, settings):
    one = booked(staff, upcoming(2))
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    page = week_of(desk, one).content.decode()
    assert "cannot be opened" in page
    assert one.inquiry.reference in page
