"""Staff choose their pages' language; a cookie stores it, and public pages ignore it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accounts.people import member, signed_in
from tests.content.readability import parsed

pytestmark = pytest.mark.django_db
CHOOSE = reverse("staff-language")
LOGIN = reverse("admin:login")


def language_of(response) -> str:
    assert response.headers["Content-Language"] == parsed(response.content).get("lang")
    return parsed(response.content).get("lang")


def choose(client: Client, language: str, back: str = "/admin/"):
    return client.post(CHOOSE, {"language": language, "next": back})


def test_english_until_somebody_chooses_whatever_the_browser_prefers(client):
    assert language_of(client.get(LOGIN, headers={"accept-language": "es"})) == "en"


@pytest.mark.slow
def test_the_choice_holds_for_all_pages_of_staff_and_for_no_other(client):
    choose(client, "es")
    for path in (LOGIN, "/staff/enrol/forged/", "/staff/nowhere/"):
        assert language_of(client.get(path)) == "es"
    client.force_login(member("Reader"))
    for path in ("/admin/", "/admin/nowhere/", reverse("admin:password_change")):
        assert language_of(client.get(path)) == "es"
    for path, language in (("/", "en"), ("/es/", "es"), ("/candidacy/", "en")):
        assert language_of(client.get(path)) == language


def test_it_is_chosen_back_again(client):
    choose(client, "es")
    assert "English" in client.get(LOGIN).content.decode()
    choose(client, "en")
    assert language_of(client.get(LOGIN)) == "en"


def test_it_leads_back_to_the_page_and_never_elsewhere(client):
    inbox = "/admin/screening/inquiry/?status=new"
    assert choose(client, "es", inbox).headers["Location"] == inbox
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
        assert choose(client, "es", elsewhere).headers["Location"] == "/admin/"


@pytest.mark.parametrize("language", ["", "xx", "../en", "de", "es-mx", "\x00"])
def test_a_language_that_is_not_there_changes_nothing(client, language):
    choose(client, language)
    assert settings.STAFF_LANGUAGE_COOKIE_NAME not in client.cookies
    client.cookies[settings.STAFF_LANGUAGE_COOKIE_NAME] = "xx"
    assert language_of(client.get(LOGIN)) == "en"


def test_choosing_is_a_post_with_a_token(client):
    assert client.get(CHOOSE).status_code == 405
    assert Client(enforce_csrf_checks=True).post(CHOOSE, {"language": "es"}).status_code == 403


def test_the_cookie_is_for_the_server_alone(client):
    cookie = choose(client, "es").cookies[settings.STAFF_LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_groups_and_history_are_shown_in_the_language_of_the_reader():
    manager, who = signed_in(member("Manager")), member("Reader")
    choose(manager, "es")
    form = {"first_name": "", "last_name": "", "email": "", "group": "Reviewer", "is_active": "on"}
    manager.post(reverse("admin:staff_member_change", args=[who.pk]), form)
    page = manager.get(reverse("admin:staff_member_change", args=[who.pk])).content.decode()
    assert "Revisión: también marca" in page
    assert "Lectura → Revisión" in page
    assert "Reviewer:" not in page
