"""Staff's sessions end after 30 idle minutes and 10 hours, with an explanation, and no input is lost silently."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crc_site.middleware import session_timeout
from screening.accounts.audit_trail import AccountEvent, audit_trail
from tests.accounts.people import PASSWORD, member, signed_in, try_to_sign_in

pytestmark = pytest.mark.django_db
NOW = "2026-11-23T10:00:00Z"
MINUTE, HOUR = 60, 3600
DESK = reverse("admin:index")


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def reader(clock):
    return signed_in(member("Reader"))


@pytest.mark.slow
def test_a_session_lives_while_somebody_works(clock, reader):
    for _ in range(19):
        clock.shift(29 * MINUTE)
        assert reader.get(DESK).status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (30, 302), (600, 302)])
def test_30_minutes_without_a_request_end_it(clock, reader, minutes, status):
    clock.shift(minutes * MINUTE)
    assert reader.get(DESK).status_code == status


@pytest.mark.slow
def test_after_10_hours_it_ends_though_somebody_works(clock, reader):
    for _ in range(30):
        clock.shift(20 * MINUTE)
        response = reader.get(DESK)
    assert response.status_code == 302
    assert "ended=day" in response.headers["Location"]


@pytest.mark.parametrize(
    ("seconds", "writes"), [(session_timeout.ACTIVITY_RESOLUTION - 1, 0), (session_timeout.ACTIVITY_RESOLUTION, 1)]
)
def test_a_click_is_noted_at_most_once_a_minute(clock, reader, seconds, writes):
    clock.shift(seconds)
    with CaptureQueriesContext(connection) as queries:
        reader.get(reverse("admin:password_change"))
    assert sum(query["sql"].startswith("UPDATE") for query in queries) == writes


def test_the_sign_in_page_says_why_and_leads_back(clock):
    client, inbox = Client(), reverse("admin:screening_inquiry_changelist") + "?status=new"
    member("Reader", password=PASSWORD)
    try_to_sign_in(client, "reader")
    clock.shift(31 * MINUTE)
    response = client.get(inbox, follow=True)
    assert "nothing happened for 30 minutes" in response.content.decode()
    assert f'name="next" value="{inbox}"' in response.content.decode()
    again = client.post(response.request["PATH_INFO"], {"username": "reader", "password": PASSWORD, "next": inbox})
    assert again.headers["Location"] == inbox


def test_a_form_sent_too_late_is_told_so_and_what_was_typed_is_shown_again(clock, reader):
    clock.shift(31 * MINUTE)
    path = "/admin/screening/inquiry/7b7f8a5e-0000-0000-0000-000000000000/change/"
    response = reader.post(
        path,
        {
            "do": "marks",
            "note-ra-stable": "Called at noon,\n<b>no</b> answer",
            "initial-note-ra-stable": "",
            "note-ra-goals": "as it was",
            "initial-note-ra-goals": "as it was",
            "old_password": "secret words",
            "new_password1": "secret words",
            "otp_token": "123456",
        },
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert "Nothing of it was saved." in page
    assert "Called at noon,\n&lt;b&gt;no&lt;/b&gt; answer" in page
    assert f"{reverse('admin:login')}?next={path}" in page
    for hidden in ("as it was", "secret words", "123456", "marks"):
        assert hidden not in page
    assert "no-store" in response.headers["Cache-Control"]


def test_a_form_of_somebody_who_was_never_signed_in_is_answered_alike(client):
    response = client.post(DESK, {"text": "typed"})
    assert response.status_code == 403
    assert "Your session had ended before you sent this." in response.content.decode()


def test_nobody_puts_words_on_that_page_from_elsewhere():
    response = Client(enforce_csrf_checks=True).post(DESK, {"text": "call this number"})
    assert response.status_code == 403
    assert "call this number" not in response.content.decode()


def test_signing_out_too_late_is_signing_out(clock, reader):
    clock.shift(31 * MINUTE)
    assert reader.post(reverse("admin:logout")).status_code == 302


def test_what_was_left_of_a_session_that_ended_is_gone(clock, reader):
    key = reader.session.session_key
    clock.shift(31 * MINUTE)
    reader.get(DESK)
    assert not reader.session.exists(key)


def test_the_history_tells_a_time_out_from_a_sign_out(clock):
    who = member("Reader")
    for minutes in (0, 31):
        client = signed_in(who)
        clock.shift(minutes * MINUTE)
        client.post(reverse("admin:logout"))
    expected = [AccountEvent.TIMED_OUT, AccountEvent.SIGNED_IN, AccountEvent.SIGNED_OUT, AccountEvent.SIGNED_IN]
    assert [line.what for line in audit_trail(who)] == [happening.label for happening in expected]


def test_public_pages_do_not_look_at_a_session(clock, reader, django_assert_num_queries):
    clock.shift(31 * MINUTE)
    with django_assert_num_queries(0):
        response = reader.get("/guides/")
    assert "Cookie" not in response.headers.get("Vary", "")
