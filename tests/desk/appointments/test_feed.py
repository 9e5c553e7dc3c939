"""The private address by which a calendar program fetches the appointments."""

import re
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from screening.accounts import calendar_feeds, enrolment
from screening.accounts.models import CalendarFeed
from screening.inquiries import services
from screening.models import Appointment
from tests.accounts.people import member, signed_in
from tests.builders import inquiry, offer, upcoming

pytestmark = pytest.mark.django_db


def made_by(client: Client) -> str:
    """The path of the address that the page shows after its button was pressed."""
    page = client.post(reverse("admin:screening_calendar_address"), {"do": "make"}).content.decode()
    return urlsplit(re.search(r">(http\S+\.ics)<", page)[1]).path


@pytest.fixture
def reader():
    return member("Reader")


def test_it_has_times_and_references_and_no_name(reader, staff):
    made = inquiry()
    one = offer(made, staff, upcoming(2, kind="video", link="https://meet.example/secret"))
    services.take(made.pk, one.pk, "America/Chicago")
    response = Client().get(made_by(signed_in(reader)))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.cookies == {}
    (event,) = Calendar.from_ical(response.content).walk("VEVENT")
    assert (event["SUMMARY"], event.decoded("DTSTART")) == (made.reference, one.starts_at)
    assert not any(word in response.content.decode() for word in ("Ana", "Pérez", "meet.example", "Chicago"))
    services.cancel_by_patient(made.pk, one.pk)
    assert Calendar.from_ical(Client().get(made_by(signed_in(reader))).content).walk("VEVENT") == []


def test_the_token_is_stored_as_a_keyed_hash_and_shown_once(reader):
    client = signed_in(reader)
    token = made_by(client).rsplit("/")[-1].removesuffix(".ics")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM staff_calendarfeed")
        assert token not in str(cursor.fetchall())
    assert token not in client.get(reverse("admin:screening_appointments")).content.decode()
    assert token not in str(list(LogEntry.objects.values()))


def test_a_new_address_ends_the_former_and_each_is_in_the_audit_trail(reader):
    client = signed_in(reader)
    first, second = made_by(client), made_by(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(reverse("admin:screening_calendar_address"), {"do": "end"})
    assert Client().get(second).status_code == 404
    logged = LogEntry.objects.filter(change_message__startswith="feed").order_by("pk")
    assert [entry.change_message for entry in logged] == ["feed-made", "feed-made", "feed-ended"]


def test_a_guessed_address_is_not_found():
    for token in ("x", "0" * 43, "../admin", "%00"):
        assert Client().get(f"/staff/calendar/{token}.ics").status_code == 404


def test_it_ends_with_the_account_with_its_permission_and_with_its_codes(reader):
    address = made_by(signed_in(reader))
    reader.is_active = False
    reader.save()
    assert Client().get(address).status_code == 404
    reader.is_active = True
    reader.save()
    reader.groups.clear()
    assert Client().get(address).status_code == 404
    enrolment.reset_credentials(reader)
    assert not CalendarFeed.objects.exists()


def test_deactivating_an_account_deletes_its_address(staff, reader):
    calendar_feeds.make_feed(reader)
    form = {"first_name": "", "last_name": "", "email": "", "group": "Reader"}  # without is_active
    signed_in(staff).post(reverse("admin:staff_member_change", args=[reader.pk]), form)
    reader.refresh_from_db()
    assert not reader.is_active
    assert not CalendarFeed.objects.exists()


def test_one_who_may_not_open_inquiries_gets_no_address():
    client = signed_in(member(None))
    assert client.post(reverse("admin:screening_calendar_address"), {"do": "make"}).status_code == 403
    assert not CalendarFeed.objects.exists()


def test_what_is_restricted_is_in_a_managers_feed_only(staff):
    made = inquiry()
    one = offer(made, staff)
    services.place_hold(made, "a dispute", staff)
    services.withdraw(made.pk)
    Appointment.objects.filter(pk=one.pk).update(state="confirmed")
    feeds = [Client().get(made_by(signed_in(member(group)))).content.decode() for group in ("Reviewer", "Manager")]
    assert [made.reference in feed for feed in feeds] == [False, True]


def test_it_is_read_only_and_no_log_line_has_its_token(reader, capfd):
    address = made_by(signed_in(reader))
    assert Client().post(address).status_code == 405
    Client().get(address)
    assert address.rsplit("/")[-1].removesuffix(".ics") not in capfd.readouterr().err
