"""Five failures lock a name at an address for 15 minutes; nobody else is locked out, and no input is stored."""

import logging

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.db import connection
from django.test import Client

from crc_site.observability import logs
from tests.accounts.people import PASSWORD, code_of, enrolled, member, try_to_sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HERE, ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "198.51.100.9"}
NOW = "2026-11-23T10:00:00Z"
CANARY = "zyxcanary"


def fail(client: Client, times: int, name: str = "reader", **extra) -> list[int]:
    return [try_to_sign_in(client, name, "wrong", "000000", **extra).status_code for _ in range(times)]


def is_let_in(client: Client, name: str = "reader", **extra) -> bool:
    return try_to_sign_in(client, name, PASSWORD, **extra).status_code == 302


def test_the_fifth_failure_pauses_and_even_the_right_password_waits(client):
    member("Reader", password=PASSWORD)
    assert fail(client, 5, **HERE) == [200, 200, 200, 200, 429]
    assert not is_let_in(client, **HERE)
    assert not is_let_in(Client(), **HERE)  # another browser at the same address


def test_the_owner_elsewhere_and_colleagues_here_still_get_in(client):
    member("Reader", password=PASSWORD)
    member("Reviewer", password=PASSWORD)
    fail(client, 7, **HERE)
    assert is_let_in(Client(), **ELSEWHERE)
    assert is_let_in(Client(), "reviewer", **HERE)


def test_after_15_minutes_it_is_over_however_often_somebody_tried_meanwhile(client):
    member("Reader", password=PASSWORD)
    with time_machine.travel(NOW, tick=False) as clock:
        fail(client, 5, **HERE)
        for _ in range(14):
            clock.shift(60)
            assert fail(client, 1, **HERE) == [429]
        assert not is_let_in(client, **HERE)
        clock.shift(61)
        assert is_let_in(client, **HERE)


def test_a_success_forgets_the_failures_before_it(client):
    member("Reader", password=PASSWORD)
    fail(client, 4, **HERE)
    assert is_let_in(client, **HERE)
    client.logout()
    assert fail(client, 4, **HERE) == [200] * 4


def test_wrong_codes_count_like_wrong_passwords(client, settings):
    settings.STAFF_REQUIRE_OTP = True
    _who, app, _codes = enrolled()
    with time_machine.travel(NOW, tick=False) as clock:
        answers = []
        for _ in range(5):
            clock.shift(60)
            answers.append(try_to_sign_in(client, "reader", PASSWORD, "000000", **HERE).status_code)
        assert answers == [200, 200, 200, 200, 429]
        assert try_to_sign_in(client, "reader", PASSWORD, code_of(app), **HERE).status_code == 429
        clock.shift(60)
        assert try_to_sign_in(Client(), "reader", PASSWORD, code_of(app), **ELSEWHERE).status_code == 302


def test_the_address_is_the_one_that_the_trusted_proxy_saw(client, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    member("Reader", password=PASSWORD)
    proxy = {"REMOTE_ADDR": "10.0.0.5"}
    fail(client, 5, **proxy, headers={"x-forwarded-for": "203.0.113.7"})
    assert not is_let_in(client, **proxy, headers={"x-forwarded-for": "192.0.2.1, 203.0.113.7"})  # a forged first entry
    assert is_let_in(client, **proxy, headers={"x-forwarded-for": "198.51.100.9"})


@pytest.mark.parametrize(("after", "words"), [(0, "15 minutes"), (60 * 14 + 30, "1 minute.")])
def test_the_page_says_how_long(client, after, words):
    with time_machine.travel(NOW, tick=False) as clock:
        fail(client, 5, **HERE)
        clock.shift(after)
        response = try_to_sign_in(client, "reader", **HERE)
    assert "Sign-in is paused" in response.content.decode()
    assert f"Try again in {words}" in response.content.decode()
    assert int(response.headers["Retry-After"]) == 900 - after
    assert "no-store" in response.headers["Cache-Control"]


def test_a_name_that_nobody_bears_is_paused_alike(client):
    assert fail(client, 5, name="nobody", **HERE) == [200, 200, 200, 200, 429]


def test_the_history_of_the_account_tells_it_once():
    from screening.accounts.audit_trail import AccountEvent, audit_trail

    who = member("Reader")
    fail(Client(), 8, **HERE)
    assert [line.what for line in audit_trail(who)] == [AccountEvent.PAUSED.label]


@pytest.fixture
def lines(caplog):
    """Everything that is logged, in the site's log format."""
    written = []

    class Keep(logging.Handler):
        def emit(self, record):
            written.append(logs.JsonLine().format(record))

    handler = Keep()
    for name in ("", "crc", "django"):
        logging.getLogger(name).addHandler(handler)
    yield written
    for name in ("", "crc", "django"):
        logging.getLogger(name).removeHandler(handler)


def test_nothing_that_was_typed_and_no_address_is_stored_or_logged(client, lines, capfd):
    browser = {"user-agent": f"{CANARY} browser", "accept": f"text/{CANARY}", "referer": f"https://{CANARY}.example"}
    for number in range(6):
        client.post(
            f"/admin/login/?next=/admin/&{CANARY}=1",
            {"username": f"{CANARY}@x.example", "password": CANARY, "otp_token": CANARY, CANARY: CANARY},
            headers=browser,
            **HERE,
        )
        assert AccessAttempt.objects.get().failures_since_start == min(number + 1, 5)
    stored = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            stored += [str(row) for row in cursor.fetchall()]
    for text in (*stored, *lines, *capfd.readouterr()):
        assert CANARY not in text.lower()
        assert HERE["REMOTE_ADDR"] not in text
    assert any('"sign-in paused"' in line for line in lines)
    assert not any("axes" in line for line in lines)


def test_what_is_stored_of_failures_goes_with_the_next_sign_in(client):
    member("Reader", password=PASSWORD)
    with time_machine.travel(NOW, tick=False) as clock:
        fail(client, 3, name="nobody", **HERE)
        clock.shift(901)
        is_let_in(client, **ELSEWHERE)
    assert not AccessAttempt.objects.exists()
    assert not AccessLog.objects.exists()
    assert not AccessFailureLog.objects.exists()


def test_nobody_reads_failures_in_the_admin():
    assert not {AccessAttempt, AccessLog, AccessFailureLog} & set(admin.site._registry)
