"""Sign-in with password and one-time code on one page, or with a recovery code."""

import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client

from screening.accounts import recovery_codes
from screening.accounts.models import Authenticator
from tests.accounts.people import PASSWORD, code_of, enrolled, member, try_to_sign_in

pytestmark = pytest.mark.django_db
NOW = "2026-11-23T10:00:00Z"


@pytest.fixture(autouse=True)
def with_codes(settings):
    settings.STAFF_REQUIRE_OTP = True


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_password_and_code_open_the_desk():
    _who, app, _codes = enrolled()
    client = Client()
    assert try_to_sign_in(client, "reader", code=code_of(app)).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("spelt", ["{0}{1}", "{0} {1}", " {0}-{1} "])
def test_a_code_may_be_spelt_as_apps_show_it(spelt):
    _who, app, _codes = enrolled()
    client, code = Client(), code_of(app)
    try_to_sign_in(client, "reader", code=spelt.format(code[:3], code[3:]))
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "000", "abcdef", "१२३४५६", "9" * 30, "\x00" * 6])
def test_without_the_right_code_nobody_gets_in(code):
    enrolled()
    client = Client()
    assert try_to_sign_in(client, "reader", code=code).status_code == 200
    assert SESSION_KEY not in client.session


def test_without_a_code_the_password_is_not_even_looked_at():
    enrolled()
    right, wrong = (try_to_sign_in(Client(), "reader", password, "") for password in (PASSWORD, "wrong"))
    assert "Fill in all the fields." in right.content.decode()
    fresh = r'value="\w{64}"|data-options="[^"]+"'  # CSRF token and passkey's challenge, which differ each time
    pages = {re.sub(fresh, "", response.content.decode()) for response in (right, wrong)}
    assert len(pages) == 1


def test_a_code_works_once():
    _who, app, _codes = enrolled()
    with time_machine.travel(NOW, tick=False):
        code = code_of(app)
        try_to_sign_in(Client(), "reader", code=code)
        again = try_to_sign_in(Client(), "reader", code=code)
    assert "was used already" in again.content.decode()


@pytest.mark.parametrize(("seconds", "is_taken"), [(0, True), (30, True), (90, False)])
def test_a_code_is_taken_half_a_minute_late_and_not_later(seconds, is_taken):
    _who, app, _codes = enrolled()
    client = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        code = code_of(app)
        clock.shift(seconds)
        try_to_sign_in(client, "reader", code=code)
        assert is_in(client) is is_taken


def test_each_recovery_code_works_once_in_the_same_field():
    who, _app, codes = enrolled()
    first, second, again = Client(), Client(), Client()
    try_to_sign_in(first, "reader", code=" ".join((codes[0][:4], codes[0][4:8], codes[0][8:])))
    try_to_sign_in(second, "reader", code=codes[1])
    assert "You used a recovery code; 9 are left." in first.get("/admin/").content.decode()
    assert is_in(second)
    assert recovery_codes.remaining_codes(who) == recovery_codes.COUNT - 2
    try_to_sign_in(again, "reader", code=codes[0])
    assert not is_in(again)


def test_the_recovery_codes_of_a_colleague_are_of_no_use():
    enrolled()
    _colleague, _app, codes = enrolled("Reader", "colleague")
    client = Client()
    try_to_sign_in(client, "reader", code=codes[0])
    assert not is_in(client)


def test_an_account_without_an_app_is_told_whom_to_ask():
    member("Reader", password=PASSWORD)
    page = try_to_sign_in(Client(), "reader", code="123456").content.decode()
    assert "Ask a manager for an enrolment link" in page


def test_wrong_codes_slow_down_the_next_try_and_never_for_more_than_minutes():
    _who, app, _codes = enrolled()
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(40):
            clock.shift(600)
            app.verify_token("000000")
        assert not app.verify_token(code_of(app))  # too soon
        clock.shift(300)
        assert app.verify_token(code_of(app))


def test_a_session_with_a_code_ends_when_the_app_is_gone():
    _who, app, _codes = enrolled()
    client = Client()
    try_to_sign_in(client, "reader", code=code_of(app))
    Authenticator.objects.all().delete()
    assert not is_in(client)


def test_a_session_without_a_code_does_not_open_the_desk():
    who, _app, _codes = enrolled()
    client = Client()
    client.force_login(who)
    assert not is_in(client)


def test_signing_in_gives_a_new_session():
    _who, app, _codes = enrolled()
    client = Client()
    client.get("/admin/login/")
    session = client.session
    session["planted"] = "by somebody"
    session.save()
    client.cookies["staff"] = planted = session.session_key
    try_to_sign_in(client, "reader", code=code_of(app))
    assert client.session.session_key != planted


def test_a_deactivated_member_does_not_get_in_and_is_out_at_once():
    who, app, _codes = enrolled()
    client = Client()
    try_to_sign_in(client, "reader", code=code_of(app))
    who.is_active = False
    who.save()
    assert not is_in(client)
    other = Client()
    try_to_sign_in(other, "reader", code=code_of(app))
    assert not is_in(other)
