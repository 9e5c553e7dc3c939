"""Appointments on the record: offered, confirmed, moved, cancelled, and everything that a clock can do to a form."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from screening.inquiries import clinic_time, services
from screening.models import Appointment, Event, Letter
from tests.accounts.people import member, signed_in
from tests.builders import inquiry, offer, upcoming
from tests.desk.record.sheet_pages import buttons_on, form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
State = Appointment.State
BUTTONS = {"offer", "confirm-time", "withdraw-offer", "cancel-time", "no-show", "move-time"}


def page_of(desk, made) -> str:
    return desk.get(record_of(made)).content.decode()


def local(time: services.Time) -> dict[str, str]:
    """The day and hour of a time as a form has them."""
    at = clinic_time.local(time.starts_at)
    return {"date": at.date().isoformat(), "time": f"{at:%H:%M}"}


def rows(*times: services.Time) -> dict[str, str]:
    return {f"{name}_{row}": value for row, time in enumerate(times, 1) for name, value in local(time).items()}


def press(desk, made, do: str, **fields: str):
    return desk.post(record_of(made), form_of(page_of(desk, made), do, **fields), follow=True)


def test_staff_offer_times_and_the_page_shows_them(desk, staff):
    made = inquiry()
    fields = rows(upcoming(2), upcoming(3)) | {"minutes": "45", "kind": "video", "link": "https://meet.example/a"}
    page = press(desk, made, "offer", **fields).content.decode()
    assert "The times are offered" in page
    first, second = made.appointments.all()
    assert (first.starts_at, second.starts_at) == (upcoming(2).starts_at, upcoming(3).starts_at)
    assert (first.minutes, first.kind, first.link, first.author) == (45, "video", "https://meet.example/a", staff)
    assert clinic_time.day_in_words(first.starts_at) in page
    assert Letter.objects.filter(name="times-offered").count() == 1


def test_a_link_belongs_to_a_video_call_only(desk):
    made = inquiry()
    press(desk, made, "offer", **rows(upcoming(2)), kind="call", link="https://meet.example/a")
    assert made.appointments.get().link is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Enter at least one day and time"),
        ({"date_1": "2027-01-04"}, "Enter the time too"),
        ({"time_1": "10:00"}, "Enter the day too"),
        ({"date_1": "tomorrow", "time_1": "10:00"}, "Enter the day like 2027-01-31"),
        ({"date_1": "2027-01-04", "time_1": "noon"}, "Enter the time like 14:30"),
        ({"date_1": "2026-11-27", "time_1": "10:00"}, "This time is over. Choose a later one"),
        ({"date_1": "2028-01-04", "time_1": "10:00"}, "Choose a day within the next 365 days"),
        ({"date_1": "2027-01-04", "time_1": "10:03"}, "Choose a multiple of five minutes"),
        ({"date_1": "2027-03-14", "time_1": "02:30"}, "This hour does not exist on that day"),
        ({"date_1": "2027-11-07", "time_1": "01:30"}, "This hour comes twice on that day"),
        ({"date_1": "2027-01-04", "time_1": "10:00", "date_2": "2027-01-04", "time_2": "10:15"}, "is offered to them"),
        ({"date_1": "2027-01-04", "time_1": "10:00", "link": "javascript:alert(1)"}, "Enter the whole link"),
        ({"date_1": "2027-01-04", "time_1": "10:00", "link": "http://meet.example/a"}, "Enter the whole link"),
    ],
)
def test_what_cannot_be_offered_comes_back_with_the_reason_and_what_was_typed(desk, staff, fields, problem):
    made = inquiry()
    with time_machine.travel("2026-11-28T12:00:00-08:00"):
        desk.force_login(staff)
        response = press(desk, made, "offer", **fields)
        page = response.content.decode()
    assert response.status_code == 422
    assert problem in page
    assert all(value in page for value in fields.values())
    assert not made.appointments.exists()


def test_of_the_doubled_hour_staff_choose_one(desk, staff):
    made = inquiry()
    with time_machine.travel("2026-11-28T12:00:00-08:00"):
        desk.force_login(staff)
        fields = {"date_1": "2027-11-07", "time_1": "01:30"}
        page = press(desk, made, "offer", **fields).content.decode()
        assert 'name="which_1"' in page
        assert 'name="which_2"' not in page
        desk.post(record_of(made), form_of(page, "offer", which_1="second"))
    assert made.appointments.get().starts_at.isoformat() == "2027-11-07T09:30:00+00:00"


def test_no_time_lies_beyond_the_retention(desk, settings):
    settings.RETENTION_DAYS = 30
    made = inquiry()
    page = press(desk, made, "offer", **rows(upcoming(32))).content.decode()
    assert "Choose a day within the next 30 days" in page


def test_a_booked_time_and_a_sixth_offer_are_refused(desk, staff):
    made, other = inquiry(), offer(inquiry(), staff, upcoming(9))
    services.take(other.inquiry_id, other.pk, "")
    assert "Another appointment is at this time" in press(desk, made, "offer", **rows(upcoming(9))).content.decode()
    press(desk, made, "offer", **rows(*(upcoming(day) for day in range(1, 5))))
    page = press(desk, made, "offer", **rows(upcoming(6), upcoming(7))).content.decode()
    assert "At most 5 times can be open" in page
    assert made.appointments.count() == 4


def test_the_buttons_are_those_of_the_state(desk, staff):
    made = inquiry()
    assert buttons_on(page_of(desk, made)) & BUTTONS == {"offer"}
    offered = offer(made, staff)
    assert buttons_on(page_of(desk, made)) & BUTTONS == {"offer", "confirm-time", "withdraw-offer"}
    services.take(made.pk, offered.pk, "America/Chicago")
    assert buttons_on(page_of(desk, made)) & BUTTONS == {"offer", "confirm-time", "cancel-time", "move-time"}
    page = press(desk, made, "confirm-time").content.decode()
    assert "The appointment is confirmed." in page
    assert "For the patient:" in page
    assert buttons_on(page) & BUTTONS == {"offer", "cancel-time", "move-time"}
    with time_machine.travel(offered.ends_at):
        desk.force_login(staff)
        assert buttons_on(page_of(desk, made)) & BUTTONS == {"offer", "no-show"}
        assert "Did not take place" in press(desk, made, "no-show").content.decode()


def test_withdrawing_moving_and_cancelling_by_button(desk, staff):
    made = inquiry()
    offer(made, staff)
    assert "The offer is withdrawn." in press(desk, made, "withdraw-offer").content.decode()
    booked = offer(made, staff, upcoming(3, kind="video", link="https://meet.example/a"))
    services.take(made.pk, booked.pk, "")
    page = press(desk, made, "move-time", **local(upcoming(4))).content.decode()
    assert "The appointment is moved." in page
    booked.refresh_from_db()
    assert (booked.starts_at, booked.kind) == (upcoming(4).starts_at, "video")
    assert booked.link == "https://meet.example/a"
    assert "The appointment is cancelled." in press(desk, made, "cancel-time").content.decode()
    kinds = made.events.values_list("kind", flat=True)
    assert {Event.Kind.OFFER_WITHDRAWN, Event.Kind.TIME_MOVED, Event.Kind.TIME_CANCELLED} <= set(kinds)


def test_moving_onto_another_appointment_keeps_what_was_typed(desk, staff):
    made, other = inquiry(), offer(inquiry(), staff, upcoming(5))
    services.take(other.inquiry_id, other.pk, "")
    services.confirm(made, offer(made, staff).pk, staff)
    response = press(desk, made, "move-time", **local(upcoming(5)))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Another appointment is at this time" in page
    assert local(upcoming(5))["date"] in page


def test_confirming_a_time_that_another_patient_has_taken_says_so(desk, staff):
    made, other = inquiry(), inquiry()
    offer(made, staff, upcoming(2))
    rival = offer(other, staff, upcoming(2))
    services.take(other.pk, rival.pk, "")
    page = page_of(desk, made)
    assert "meanwhile another patient has taken this time" in page
    response = press(desk, made, "confirm-time")
    assert response.status_code == 422
    assert "Another appointment was made at this time meanwhile" in response.content.decode()


def test_two_at_once_the_second_sees_what_the_first_did(desk, staff):
    made = inquiry()
    form = form_of(page_of(desk, made), "offer", **rows(upcoming(2)))
    services.offer_times(made, [upcoming(3)], staff)
    response = desk.post(record_of(made), form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "the record has changed since you opened this page" in page
    assert local(upcoming(2))["date"] in page
    assert made.appointments.count() == 1


def test_a_forged_appointment_or_one_of_another_inquiry_changes_nothing(desk, staff):
    made, foreign = inquiry(), offer(inquiry(), staff)
    for forged in ("", "7", str(foreign.pk), "\x00"):
        data = {"do": "confirm-time", "appointment": forged, "version": "999999"}
        assert desk.post(record_of(made), data).status_code == 422
    foreign.refresh_from_db()
    assert foreign.state == State.OFFERED


def test_a_closed_inquiry_offers_no_form(desk, staff):
    made = inquiry()
    services.move_status(made, "closed", staff, "spam")
    page = page_of(desk, made)
    assert "Reopen it to offer times" in page
    assert "offer" not in buttons_on(page)


def test_without_an_address_a_time_is_agreed_by_phone(desk):
    made = inquiry(email="", channel="phone")
    page = press(desk, made, "offer", **rows(upcoming(2))).content.decode()
    assert "agree on one by phone" in page
    press(desk, made, "confirm-time")
    assert made.appointments.get().state == State.CONFIRMED
    assert set(made.letters.values_list("name", flat=True)) == {"new-inquiry", "appointment"}


def test_a_reader_sees_appointments_and_has_no_button(staff):
    made = inquiry()
    offer(made, staff)
    page = page_of(signed_in(member("Reader")), made)
    assert "Appointments" in page
    assert not buttons_on(page) & BUTTONS


def test_the_timeline_has_the_times_at_the_clinic(desk, staff):
    made = inquiry()
    offered = offer(made, staff)
    services.confirm(made, offered.pk, staff)
    services.move(made, offered.pk, upcoming(2, after=timedelta(hours=1)), staff)
    page = page_of(desk, made)
    assert "10 a.m. → " in page
    assert "11 a.m." in page


def test_the_medical_record_has_the_appointments_as_page_and_as_fhir(desk, staff):
    made = inquiry()
    offered = offer(made, staff, upcoming(2, kind="video", link="https://meet.example/a"))
    services.confirm(made, offered.pk, staff)
    page = desk.get(reverse("admin:screening_inquiry_record", args=[made.pk])).content.decode()
    assert clinic_time.day_in_words(offered.starts_at) in page
    bundle = desk.get(reverse("admin:screening_inquiry_record_json", args=[made.pk])).json()
    (found,) = [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Appointment"]
    assert found["status"] == "booked"
    assert found["minutesDuration"] == 30
