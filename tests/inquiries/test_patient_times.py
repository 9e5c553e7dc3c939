"""The patient's page with times: shown in a zone, taken, asked for, cancelled, and what happens when one is gone."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from screening.inquiries import clinic_time, services
from screening.inquiries.patient_links import copy_token, page_token
from screening.models import Appointment, Event, Inquiry
from tests.builders import inquiry, offer, upcoming
from tests.inquiries.test_patient_page import address, opened, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
State = Appointment.State
POSTS = ("inquiry-zone", "inquiry-take", "inquiry-cancel", "inquiry-other-times")


@pytest.fixture
def made(db) -> Inquiry:
    return inquiry()


@pytest.fixture
def patient(made, client) -> Client:
    return opened(client, made)


def do(client: Client, made: Inquiry, name: str, offered: Appointment | None = None, **data: str):
    sent = {"appointment": str(offered.pk)} if offered else {}
    return client.post(address(made, name), sent | data, follow=True)


def test_without_the_code_no_time_is_shown_or_changed(client, made, staff):
    offered = offer(made, staff, upcoming(2, kind="video", link="https://meet.example/a"))
    page = text_of(client.get(address(made)))
    assert "Times to choose from" not in page
    assert clinic_time.day_in_words(offered.starts_at) not in page
    for name in POSTS:
        assert do(client, made, name, offered).status_code in (200, 403)
    assert client.get(address(made, "inquiry-calendar")).status_code == 302
    offered.refresh_from_db()
    assert offered.state == State.OFFERED


def test_times_are_shown_at_the_clinic_and_then_in_the_chosen_zone(patient, made, staff):
    offered = offer(made, staff)
    page = text_of(patient.get(address(made)))
    assert "10:00 a.m." in page
    assert "Pacific Time, UTC" in page
    assert "At the clinic:" not in page
    page = text_of(do(patient, made, "inquiry-zone", zone="America/New_York"))
    assert "1:00 p.m." in page
    assert "Eastern Time, UTC" in page
    assert "At the clinic:" in page
    assert clinic_time.hour_in_words(offered.starts_at, "America/New_York") == "1:00 p.m."


@pytest.mark.parametrize("day", ["2027-03-14", "2026-11-01"])
def test_daylight_saving_is_said_for_each_time(made, staff, day):
    with time_machine.travel(f"{day}T00:00:00-08:00"):
        services.offer_times(made, [upcoming(-1, after=timedelta(days=1)), upcoming(1)], staff)
    with time_machine.travel(f"{day}T08:30:00-08:00"):
        page = text_of(opened(Client(), made).get(address(made)))
    assert ("(daylight saving)" in page) == (day == "2027-03-14")


def test_an_unknown_zone_is_the_clinics(patient, made, staff):
    offer(made, staff)
    assert "10:00 a.m." in text_of(do(patient, made, "inquiry-zone", zone="Mars/Olympus"))


def test_a_taken_time_is_shown_and_the_clinic_tells_when_it_is_confirmed(patient, made, staff):
    offered = offer(made, staff)
    do(patient, made, "inquiry-zone", zone="America/Chicago")
    page = text_of(do(patient, made, "inquiry-take", offered))
    assert "You have taken this time." in page
    assert "12:00 p.m." in page
    offered.refresh_from_db()
    assert offered.time_zone == "America/Chicago"
    services.confirm(made, offered.pk, staff)
    later = opened(Client(), made)  # another device, without a choice of its own
    page = text_of(later.get(address(made)))
    assert "Confirmed." in page
    assert "12:00 p.m." in page


def test_the_link_of_a_video_call_is_shown_with_the_appointment_only(patient, made, staff):
    offered = offer(made, staff, upcoming(2, kind="video", link="https://meet.example/a"))
    assert "meet.example" not in text_of(patient.get(address(made)))
    assert 'href="https://meet.example/a"' in text_of(do(patient, made, "inquiry-take", offered))


def test_a_time_that_was_taken_meanwhile_is_said_and_the_others_are_shown(patient, made, staff):
    lost, left = services.offer_times(made, [upcoming(2), upcoming(3)], staff)
    rival = offer(inquiry(email="luis@example.com"), staff, upcoming(2))
    services.take(rival.inquiry_id, rival.pk, "")
    response = do(patient, made, "inquiry-take", lost)
    page = text_of(response)
    assert response.status_code == 422
    assert "This time was taken meanwhile" in page
    assert str(left.pk) in page
    assert str(lost.pk) not in page


def test_a_time_that_is_over_or_withdrawn_is_said(patient, made, staff):
    offered, other = services.offer_times(made, [upcoming(2), upcoming(3)], staff)
    services.withdraw_offer(made, offered.pk, staff)
    assert "This time is not offered any more" in text_of(do(patient, made, "inquiry-take", offered))
    with time_machine.travel(other.starts_at):
        patient = opened(Client(), made)
        assert "This time is over" in text_of(do(patient, made, "inquiry-take", other))


def test_a_closed_inquiry_says_so_and_shows_no_offer(patient, made, staff):
    offered = offer(made, staff)
    services.move_status(made, "closed", staff, "no-reply")
    response = do(patient, made, "inquiry-take", offered)
    assert response.status_code == 422
    assert "This inquiry was closed meanwhile" in text_of(response)
    assert "Take this time" not in text_of(response)


def test_an_appointment_of_an_inquiry_closed_as_booked_is_shown_and_can_be_cancelled(patient, made, staff):
    offered = offer(made, staff)
    services.confirm(made, offered.pk, staff)
    services.move_status(made, "closed", staff, "booked")
    page = text_of(patient.get(address(made)))
    assert "You have an appointment with us." in page
    assert "Cancelled: it does not take place." in text_of(do(patient, made, "inquiry-cancel", offered))


@pytest.mark.parametrize("name", POSTS)
def test_a_withdrawn_inquiry_shows_that_and_nothing_else(patient, made, staff, name):
    offered = offer(made, staff)
    services.withdraw(made.pk)
    page = text_of(do(patient, made, name, offered))
    assert "Take this time" not in page


@pytest.mark.parametrize("name", POSTS[1:3])
@pytest.mark.parametrize(
    "appointment", ["", "not an id", "0" * 32, "\x00", "x" * 5000], ids=["none", "words", "unknown", "nul", "long"]
)
def test_a_forged_appointment_is_one_that_is_gone(patient, made, name, appointment):
    assert do(patient, made, name, appointment=appointment).status_code == 422
    forged = patient.get(address(made, "inquiry-calendar"), {"appointment": appointment}, follow=True)
    assert forged.status_code == 422


def test_an_appointment_of_another_person_is_neither_taken_nor_cancelled_nor_shown(patient, made, staff):
    foreign = offer(inquiry(email="luis@example.com"), staff)
    do(patient, made, "inquiry-take", foreign)
    services.take(foreign.inquiry_id, foreign.pk, "")
    do(patient, made, "inquiry-cancel", foreign)
    answer = patient.get(address(made, "inquiry-calendar"), {"appointment": str(foreign.pk)})
    assert answer.status_code == 302
    foreign.refresh_from_db()
    assert foreign.state == State.TAKEN


def test_asking_for_others_with_and_without_words(patient, made, staff):
    offer(made, staff)
    assert do(patient, made, "inquiry-other-times").status_code == 200
    do(patient, made, "inquiry-other-times", **{"times-text": "Only in the evening"})
    assert made.messages.get().text == "Only in the evening"
    assert made.events.filter(kind=Event.Kind.TIMES_ASKED).count() == 1


def test_words_that_are_too_long_come_back_in_their_form(patient, made, staff):
    offer(made, staff)
    response = do(patient, made, "inquiry-other-times", **{"times-text": "y" * 2001})
    page = text_of(response)
    assert response.status_code == 422
    assert "You have written 2001" in page
    assert 'id="times-text_error"' in page
    assert 'id="id_text_error"' not in page
    assert not made.messages.exists()


@pytest.mark.parametrize(
    ("pressed", "sent"),
    [
        (("inquiry-other-times", {}), "Only in the evening"),
        (("inquiry-reply", {}), "Half a question"),
        (("inquiry-reply", {"reading": "es"}), ""),
    ],
)
def test_what_was_typed_in_the_other_form_is_kept(patient, made, staff, pressed, sent):
    offer(made, staff)
    both = {"text": "Half a question", "times-text": "Only in the evening"}
    page = text_of(do(patient, made, pressed[0], **both, **pressed[1]))
    assert [message.text for message in made.messages.all()] == [sent] * bool(sent)
    fields = re.findall(r"(?s)<textarea[^>]*>\s*(.*?)</textarea>", page)
    assert {text for text in fields if text} == set(both.values()) - {sent}
    assert "<title>Error" not in page
    assert 'class="error"' not in page


@pytest.mark.parametrize("pressed", ["inquiry-other-times", "inquiry-reply"])
def test_both_texts_are_shown_when_the_inquiry_was_closed_meanwhile(patient, made, staff, pressed):
    offer(made, staff)
    Inquiry.objects.filter(pk=made.pk).update(status="closed", closed_as="no-reply")
    both = {"text": "Half a question", "times-text": "Only in the evening"}
    page = text_of(do(patient, made, pressed, **both))
    assert "This inquiry was closed meanwhile" in page
    assert all(text in page for text in both.values())
    assert not made.messages.exists()


def test_words_typed_for_too_long_wait_for_the_next_code(patient, made, staff):
    with time_machine.travel(offer(made, staff).offered_at + timedelta(minutes=31)):
        response = do(patient, made, "inquiry-other-times", **{"times-text": "Half an hour of thoughts"})
        assert response.status_code == 403
        page = text_of(opened(patient, made).get(address(made)))
        assert "Half an hour of thoughts" in page
        assert not made.messages.exists()


def test_a_page_that_was_open_too_long_takes_no_time(patient, made, staff):
    offered = offer(made, staff)
    with time_machine.travel(offered.offered_at + timedelta(minutes=31)):
        assert do(patient, made, "inquiry-take", offered).status_code == 403
    offered.refresh_from_db()
    assert offered.state == State.OFFERED


def test_cancelling_shows_it_and_a_repeat_changes_nothing(patient, made, staff):
    offered = offer(made, staff)
    do(patient, made, "inquiry-take", offered)
    for _time in range(2):
        assert "Cancelled: it does not take place." in text_of(do(patient, made, "inquiry-cancel", offered))
    assert made.events.filter(kind=Event.Kind.TIME_CANCELLED).count() == 1


def test_the_calendar_file_is_behind_the_code(patient, made, staff):
    offered = offer(made, staff)
    do(patient, made, "inquiry-take", offered)
    query = {"appointment": str(offered.pk)}
    assert Client().get(address(made, "inquiry-calendar"), query).status_code == 302
    response = patient.get(address(made, "inquiry-calendar"), query)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{made.reference}.ics"'
    assert "no-store" in response.headers["Cache-Control"]
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert event.decoded("DTSTART") == offered.starts_at


def test_an_appointment_is_shown_until_it_is_over(made, staff):
    offered = offer(made, staff)
    services.confirm(made, offered.pk, staff)
    with time_machine.travel(offered.starts_at + timedelta(minutes=5)):
        page = text_of(opened(Client(), made).get(address(made)))
        assert "Confirmed." in page
        assert "I cannot be there" not in page
    with time_machine.travel(offered.ends_at):
        assert "Confirmed." not in text_of(opened(Client(), made).get(address(made)))


def test_in_spanish(made, staff):
    offered, client = offer(made, staff), Client()
    client.post(address(made, "inquiry-code", "es"))
    code = services.access_code(made.accesses.latest("made_at"))
    client.post(address(made, "inquiry-open", "es"), {"code": code})
    page = text_of(client.get(address(made, language="es")))
    assert "Horarios para elegir" in page
    assert "hora del Pacífico" in page
    taken = client.post(address(made, "inquiry-take", "es"), {"appointment": str(offered.pk)}, follow=True)
    assert "Usted eligió este horario." in text_of(taken)


def test_no_link_of_a_call_and_no_token_is_logged(patient, made, staff, caplog):
    offered = offer(made, staff, upcoming(2, kind="video", link="https://meet.example/canary"))
    with caplog.at_level("DEBUG"):
        do(patient, made, "inquiry-take", offered)
    assert "canary" not in caplog.text
    assert page_token(made) not in caplog.text


def test_the_patients_copy_has_the_appointments(patient, made, staff):
    offered = offer(made, staff, upcoming(2, kind="video", link="https://meet.example/a"))
    do(patient, made, "inquiry-take", offered)
    page = text_of(patient.get(reverse("copy", args=[copy_token(made)])))
    data = patient.get(reverse("copy-as-json", args=[copy_token(made)])).json()
    assert clinic_time.day_in_words(offered.starts_at) in page
    assert data["appointments"] == [
        {
            "starts_at": offered.starts_at.isoformat(timespec="seconds"),
            "minutes": 30,
            "kind": "video",
            "link": "https://meet.example/a",
            "state": "taken",
            "time_zone": "America/Tijuana",
        }
    ]
