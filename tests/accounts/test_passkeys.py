"""Passkeys: made on the enrolment link, several a person, used in place of password and code, removed by a manager."""

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.accounts import passkeys
from screening.accounts.audit_trail import AccountEvent, audit_trail
from screening.accounts.cleanup import delete_expired
from screening.accounts.enrolment import create_link
from screening.accounts.models import Authenticator, Enrolment, Passkey
from tests.accounts.authenticator import USER_PRESENT, SoftAuthenticator
from tests.accounts.people import code_of, enrolled, member, try_to_sign_in
from tests.accounts.test_enrolment import choose, code_for, codes_on, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def with_codes(settings):
    settings.STAFF_REQUIRE_OTP = True


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def begin(client: Client, who) -> str:
    """Open a link and choose a password; return the link's path."""
    path = path_of(create_link(who))
    choose(client, path)
    return path


def options_on(page) -> str:
    """What the page's script is given to ask the device for."""
    return html.unescape(re.search(r'data-options="([^"]+)"', page.content.decode())[1])


def add(client: Client, path: str, device: SoftAuthenticator, name: str = "laptop"):
    options = options_on(client.get(path))
    return client.post(path, {"passkey": device.make(options), "name": name})


def with_passkey(group: str = "Reader", *names: str) -> list[SoftAuthenticator]:
    """A member who enrolled with passkeys only; their devices."""
    client, devices = Client(), [SoftAuthenticator() for _name in names or ("laptop",)]
    path = begin(client, member(group))
    for device, name in zip(devices, names or ("laptop",), strict=True):
        assert add(client, path, device, name).status_code == 302
    assert client.post(path, {"without-app": "1"}).status_code == 200
    return devices


def sign_in(client: Client, device: SoftAuthenticator, onward: str = "/admin/staff/member/"):
    options = options_on(client.get(reverse("admin:login")))
    return client.post(reverse("passkey"), {"passkey": device.sign(options), "next": onward})


@pytest.mark.slow
def test_several_passkeys_are_made_on_the_link_and_each_opens_the_desk():
    laptop, phone = with_passkey("Manager", "laptop", "phone")
    for device in (laptop, phone):
        client = Client()
        response = sign_in(client, device)
        assert (response.status_code, response["Location"]) == (302, "/admin/staff/member/")
        assert is_in(client)
    assert not Authenticator.objects.exists()
    assert not Enrolment.objects.exists()
    assert audit_trail(Passkey.objects.first().user)[0].what == AccountEvent.SIGNED_IN_BY_PASSKEY.label


def test_recovery_codes_are_given_and_work_as_before():
    client, device = Client(), SoftAuthenticator()
    path = begin(client, member("Reader"))
    add(client, path, device)
    codes = codes_on(client.post(path, {"without-app": "1"}))
    assert len(codes) == 10
    assert try_to_sign_in(client, "reader", "eleven grey herons", codes[0]).status_code == 302
    assert is_in(client)


def test_app_and_passkeys_may_be_set_up_together():
    client, device, who = Client(), SoftAuthenticator(), member("Reader")
    path = begin(client, who)
    add(client, path, device)
    codes_on(client.post(path, {"code": code_for(who)}))
    assert Authenticator.objects.count() == Passkey.objects.filter(confirmed=True).count() == 1
    assert sign_in(Client(), device)["Location"] == "/admin/staff/member/"


def test_a_passkey_of_an_unfinished_link_opens_nothing_can_be_taken_off_and_goes_with_the_link():
    client, device, who = Client(), SoftAuthenticator(), member("Reader")
    path = begin(client, who)
    add(client, path, device, "mine")
    assert "problem=passkey" in sign_in(Client(), device)["Location"]
    client.post(path, {"remove": "mine"})
    assert not Passkey.objects.exists()
    assert client.post(path, {"without-app": "1"}).status_code == 302  # there is none to finish with
    add(client, path, device)
    create_link(who)
    assert not Passkey.objects.exists()
    add(client, begin(client, who), device)
    delete_expired(timezone.now() + timedelta(hours=25))
    assert not Passkey.objects.exists()


@pytest.mark.slow
def test_a_new_link_replaces_the_passkeys_only_when_it_is_finished():
    (device,) = with_passkey()
    client = Client()
    path = begin(client, Passkey.objects.get().user)
    other = SoftAuthenticator()
    add(client, path, other)
    assert "problem" not in sign_in(Client(), device)["Location"]
    client.post(path, {"without-app": "1"})
    assert "problem=passkey" in sign_in(Client(), device)["Location"]
    assert "problem" not in sign_in(Client(), other)["Location"]


def test_an_answer_opens_the_desk_once_and_for_ten_minutes():
    (device,) = with_passkey()
    client = Client()
    options = options_on(client.get(reverse("admin:login")))
    answer = {"passkey": device.sign(options), "next": "/admin/"}
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert "problem=passkey" in client.post(reverse("passkey"), answer)["Location"]
    assert client.post(reverse("passkey"), answer)["Location"] == "/admin/"
    again = Client()
    assert "problem=passkey" in again.post(reverse("passkey"), answer)["Location"]
    assert SESSION_KEY not in again.session


@pytest.mark.parametrize(
    "changed",
    [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": USER_PRESENT}, {"key": "other"}],
    ids=["origin", "host", "without the finger", "key"],
)
def test_an_answer_from_elsewhere_or_without_the_person_is_refused(changed):
    (device,) = with_passkey()
    if changed.get("key"):
        changed = {"key": SoftAuthenticator().key}
    for name, value in changed.items():
        setattr(device, name, value)
    client = Client()
    assert "problem=passkey" in sign_in(client, device)["Location"]
    assert not is_in(client)


def test_a_challenge_of_the_enrolment_is_none_of_the_sign_in_and_none_of_another_link():
    client, device = Client(), SoftAuthenticator()
    path = begin(client, member("Reader"))
    options = options_on(client.get(path))
    other = begin(client, member("Reviewer"))
    assert client.post(other, {"passkey": device.make(options), "name": "x"}).status_code == 422
    add(client, path, device)
    client.post(path, {"without-app": "1"})
    page = client.post(reverse("passkey"), {"passkey": device.sign(options)})
    assert "problem=passkey" in page["Location"]


HOSTILE = ["", "{}", "[]", "null", "1", "\x00", '{"id": 1}', '{"id":"a","rawId":"a","type":"public-key","response":{}}']
HOSTILE += [json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": dict.fromkeys(keys, value)})
            for keys in (["clientDataJSON", "attestationObject"], ["clientDataJSON", "authenticatorData", "signature"])
            for value in ("", "YQ", "e30", "bnVsbA", "!", 1, None, "W10")]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_nonsense_is_refused(client, answer):
    assert "problem=passkey" in client.post(reverse("passkey"), {"passkey": answer})["Location"]
    path = begin(client, member("Reader"))
    assert client.post(path, {"passkey": answer, "name": "x"}).status_code == 422
    assert not Passkey.objects.exists()


def test_the_way_onward_stays_on_the_site():
    (device,) = with_passkey()
    assert sign_in(Client(), device, "https://evil.example/")["Location"] == "/admin/"


def test_who_is_deactivated_has_no_passkey_that_works():
    (device,) = with_passkey()
    who = Passkey.objects.get().user
    who.is_active = False
    who.save()
    assert "problem=passkey" in sign_in(Client(), device)["Location"]


@pytest.mark.slow
def test_a_manager_removes_one_and_its_session_ends_at_once():
    laptop, phone = with_passkey("Reader", "laptop", "phone")
    at_work = Client()
    sign_in(at_work, laptop, "/admin/")
    removed = Passkey.objects.get(name="laptop")
    boss, app, _codes = enrolled("Manager")
    manager = Client()
    try_to_sign_in(manager, "manager", code=code_of(app))
    address = reverse("admin:staff_member_passkey", args=[removed.user_id, removed.pk])
    assert "laptop" in manager.get(reverse("admin:staff_member_change", args=[removed.user_id])).content.decode()
    manager.get(address)
    assert Passkey.objects.count() == 2
    manager.post(address)
    assert [passkey.name for passkey in Passkey.objects.all()] == ["phone"]
    assert not is_in(at_work)
    assert "problem" not in sign_in(Client(), phone)["Location"]
    assert audit_trail(removed.user)[1].what == AccountEvent.PASSKEY_REMOVED.label


def test_a_reader_removes_nothing():
    with_passkey("Manager")
    passkey = Passkey.objects.get()
    _reader, app, _codes = enrolled("Reader")
    client = Client()
    try_to_sign_in(client, "reader", code=code_of(app))
    assert client.post(reverse("admin:staff_member_passkey", args=[passkey.user_id, passkey.pk])).status_code == 403
    assert Passkey.objects.exists()


@pytest.mark.slow
def test_a_setting_asks_for_passkeys(settings):
    (device,) = with_passkey("Manager")
    _who, app, codes = enrolled("Reader")
    settings.STAFF_REQUIRE_PASSKEY = True
    client = Client()
    assert "No one-time code opens this account" in try_to_sign_in(client, "reader", code=code_of(app)).content.decode()
    assert try_to_sign_in(client, "reader", code=codes[0]).status_code == 302
    assert is_in(client)
    passkey = Client()
    sign_in(passkey, device)
    assert is_in(passkey)
    link = Client()
    path = begin(link, member("Reviewer"))
    page = link.get(path).content.decode()
    assert "Add your passkeys" in page
    assert "authenticator app" not in page
    assert link.post(path, {"code": "000000"}).status_code == 302
    assert Enrolment.objects.exists()


def test_a_session_of_an_app_ends_when_passkeys_are_asked_for(settings):
    _who, app, _codes = enrolled("Reader")
    client = Client()
    try_to_sign_in(client, "reader", code=code_of(app))
    assert is_in(client)
    settings.STAFF_REQUIRE_PASSKEY = True
    assert not is_in(client)


def test_a_password_alone_opens_nothing_beside_a_passkey():
    with_passkey()
    client = Client()
    client.force_login(Passkey.objects.get().user)
    assert not is_in(client)
    assert try_to_sign_in(client, "reader", "eleven grey herons", "000000").status_code == 200


def test_one_link_takes_a_few_passkeys_only(client, monkeypatch):
    monkeypatch.setattr(passkeys, "AT_MOST", 2)
    path = begin(client, member("Reader"))
    assert [add(client, path, SoftAuthenticator()).status_code for _time in range(3)] == [302, 302, 422]
