"""Enrolment by link: password, app and recovery codes, once, within 24 hours, with no session until it is done."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client

from screening.accounts import recovery_codes
from screening.accounts.audit_trail import AccountEvent, audit_trail
from screening.accounts.enrolment import InvalidLink, choose_password, create_link, finish, open_link
from screening.accounts.models import Authenticator, Enrolment
from tests.accounts.people import PASSWORD, code_of, enrolled, member, signed_in, try_to_sign_in
from tests.content.readability import parsed

pytestmark = pytest.mark.django_db
NOW = "2026-11-23T10:00:00Z"
CHOSEN = "eleven grey herons"


def path_of(link: str) -> str:
    return re.fullmatch(r"http://localhost:8000(/staff/enrol/[0-9a-f]{32}\.[\w-]+/)", link)[1]


def code_for(who) -> str:
    """Return the code that the app shows after scanning."""
    key = Enrolment.objects.get(member_id=who.pk).key
    return code_of(Authenticator(key=key))


def choose(client: Client, path: str, password: str = CHOSEN, again: str | None = None):
    return client.post(path, {"password": password, "again": password if again is None else again})


def go_through(client: Client, who) -> list[str]:
    """Complete enrolment with a new link; return the recovery codes."""
    path = path_of(create_link(who))
    assert choose(client, path).status_code == 302
    return codes_on(client.post(path, {"code": code_for(who)}))


def codes_on(response) -> list[str]:
    (codes,) = parsed(response.content).iterfind(".//ol[@class='codes']")
    return ["".join(item.text.split()) for item in codes]


def test_the_whole_way_and_then_the_desk_opens(client, settings):
    settings.STAFF_REQUIRE_OTP = True
    who = member("Reviewer")
    with time_machine.travel(NOW, tick=False) as clock:
        codes = go_through(client, who)
        assert len(set(codes)) == recovery_codes.COUNT
        clock.shift(30)
        assert try_to_sign_in(client, "reviewer", CHOSEN, code_of(Authenticator.objects.get())).status_code == 302
        assert client.get("/admin/").status_code == 200
        client.logout()
        assert try_to_sign_in(client, "reviewer", CHOSEN, codes[3]).status_code == 302


def test_the_picture_and_the_letters_hold_the_same_key(client):
    who = member("Reader")
    path = path_of(create_link(who))
    choose(client, path)
    response = client.get(path)
    assert '<svg viewBox="0 0 57 57" class="qr">' in response.content.decode()
    page = parsed(response.content)
    (key,) = page.iterfind(".//p[@class='key']")
    assert key.text.replace(" ", "") == Enrolment.objects.get().key


def test_the_code_that_finishes_does_not_sign_in_as_well(client, settings):
    settings.STAFF_REQUIRE_OTP = True
    who = member("Reader")
    with time_machine.travel(NOW, tick=False):
        go_through(client, who)
        page = try_to_sign_in(client, "reader", CHOSEN, code_of(Authenticator.objects.get()))
    assert "was used already" in page.content.decode()


def test_there_is_no_session_before_during_or_after(client):
    who = member("Reader")
    client.get(path_of(create_link(who)))
    go_through(client, who)
    assert set(client.cookies) == {"csrf"}
    assert SESSION_KEY not in client.session


def test_nothing_counts_before_the_end(client, settings):
    settings.STAFF_REQUIRE_OTP = True
    who, app, codes = enrolled()
    path = path_of(create_link(who))
    choose(client, path)
    client.post(path, {"code": "000000"})
    assert try_to_sign_in(client, "reader", CHOSEN, code_of(app)).status_code == 200
    assert try_to_sign_in(Client(), "reader", PASSWORD, codes[0]).status_code == 302


def test_at_the_end_nothing_of_before_counts(client, settings):
    settings.STAFF_REQUIRE_OTP = True
    who, app, codes = enrolled()
    elsewhere = Client()
    try_to_sign_in(elsewhere, "reader", PASSWORD, codes[0])
    go_through(client, who)
    for password, code in ((PASSWORD, code_of(app)), (CHOSEN, code_of(app)), (CHOSEN, codes[1])):
        assert try_to_sign_in(Client(), "reader", password, code).status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert Authenticator.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("", "", "Choose a password"),
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        ("ana.perez.reader", "ana.perez.reader", "too similar"),
        (CHOSEN, "eleven gray herons", "not the same"),
        (CHOSEN, "", "a second time"),
        ("\x00" * 12, "\x00" * 12, "Null characters"),
    ],
)
def test_a_bad_password_is_reported_and_stored_nowhere(client, password, again, message):
    path = path_of(create_link(member("Reader", "ana.perez.reader")))
    response = choose(client, path, password, again)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert "<title>Error:" in page
    assert not password or f'type="password" name="password" value="{password}"' not in page
    assert CHOSEN not in page
    assert Enrolment.objects.get().password is None


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "９" * 6, "\x00", "9" * 20])
def test_a_wrong_code_is_reported_and_may_be_tried_again(client, code):
    who = member("Reader")
    path = path_of(create_link(who))
    choose(client, path)
    response = client.post(path, {"code": code})
    assert response.status_code == 422
    assert not Authenticator.objects.exists()
    assert client.post(path, {"code": code_for(who)}).status_code == 200


def test_no_code_finishes_without_a_password(client):
    who = member("Reader")
    path = path_of(create_link(who))
    assert client.post(path, {"code": code_for(who)}).status_code == 422
    assert not Authenticator.objects.exists()


def test_looking_changes_nothing(client):
    """A mail program that opens links to inspect them does not use up the link."""
    path = path_of(create_link(member("Reader")))
    before = Enrolment.objects.values().get()
    for look in (client.get, client.head, client.get):
        assert look(path).status_code == 200
    assert Enrolment.objects.values().get() == before


def test_another_password_may_be_chosen_before_the_end(client):
    path = path_of(create_link(member("Reader")))
    choose(client, path)
    assert "Choose a password" in client.get(f"{path}?again").content.decode()
    assert choose(client, f"{path}?again", "twelve white swans").status_code == 302


def used(client, who, path):
    choose(client, path)
    client.post(path, {"code": code_for(who)})


def replaced(client, who, path):
    create_link(who)


def too_old(client, who, path):
    Enrolment.objects.update(made_at=Enrolment.objects.get().made_at - timedelta(hours=24))


def deactivated(client, who, path):
    who.is_active = False
    who.save()


def no_longer_staff(client, who, path):
    who.is_staff = False
    who.save()


@pytest.mark.parametrize(
    "ended", [used, replaced, too_old, deactivated, no_longer_staff], ids=lambda ended: ended.__name__
)
def test_a_link_that_has_ended_gets_a_calm_page_and_does_nothing(client, ended):
    who = member("Reader")
    path = path_of(create_link(who))
    ended(client, who, path)
    who.refresh_from_db()
    before = (who.password, Authenticator.objects.count())
    for response in (client.get(path), choose(client, path), client.post(path, {"code": "000000"})):
        assert response.status_code == 404
        assert "This link does not work any more" in response.content.decode()
        assert "no-store" in response.headers["Cache-Control"]
    who.refresh_from_db()
    assert (who.password, Authenticator.objects.count()) == before


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda token: token[:-1],
        lambda token: f"{token}x",
        lambda token: "x",
        lambda token: "%00",
        lambda token: "é.é",
    ],
)
def test_a_forged_link_gets_the_same_page(client, change):
    token = create_link(member("Reader")).rstrip("/").rpartition("/")[2]
    response = client.get(f"/staff/enrol/{change(token)}/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_a_link_lives_for_24_hours(client):
    with time_machine.travel(NOW, tick=False) as clock:
        path = path_of(create_link(member("Reader")))
        clock.shift(24 * 3600 - 1)
        assert client.get(path).status_code == 200
        clock.shift(1)
        assert client.get(path).status_code == 404


def test_who_finishes_second_finds_the_link_gone():
    who = member("Reader")
    opened = open_link(create_link(who).rstrip("/").rpartition("/")[2])
    choose_password(opened, CHOSEN)
    code = code_for(who)
    finish(opened, code)
    with pytest.raises(InvalidLink):
        finish(opened, code)


def test_no_password_secret_or_name_stands_in_an_address(client):
    who = member("Reader", "ana.perez")
    link = create_link(who)
    choose(client, path_of(link))
    page = client.get(path_of(link)).content.decode()
    addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    for secret in ("ana.perez", Enrolment.objects.get().key):
        assert not any(secret in address for address in (link, *addresses))


def test_pages_of_the_link_are_never_cached(client):
    who = member("Reader")
    path = path_of(create_link(who))
    for response in (client.get(path), choose(client, path, "short"), client.post(path, {"code": "1"})):
        assert "no-store" in response.headers["Cache-Control"]
        assert 'content="noindex"' in response.content.decode()


def test_the_history_tells_of_link_and_enrolment(client):
    who, manager = member("Reader"), member("Manager")
    create_link(who, manager)
    go_through(client, who)
    trail = [(line.what, line.by) for line in audit_trail(who)]
    made = AccountEvent.LINK_MADE.label
    assert trail == [(AccountEvent.ENROLLED.label, None), (made, None), (made, "manager")]


def test_a_colleague_who_is_signed_in_may_look_without_harm():
    manager = signed_in(member("Manager"))
    who = member("Reader")
    assert "<strong>reader</strong>" in manager.get(path_of(create_link(who))).content.decode()
