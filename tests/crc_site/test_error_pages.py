"""Error pages. No test here may use the database: error pages work without it."""

import pytest
from django.conf import settings
from django.test import Client

from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of
from tests.crc_site.failing_views import ANSWER

pytestmark = pytest.mark.urls("tests.crc_site.failing_views")


@pytest.fixture
def visitor(settings):
    """A client that sees the error page instead of the exception."""
    settings.CLINIC_PHONE = "+1 619 555 0100"
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def not_found(visitor):
    return visitor.get("/nowhere/")


def bad_host(visitor):
    return visitor.get("/", headers={"host": "evil.example"})


def bad_host_with_underscores(visitor):
    return visitor.get("/", headers={"host": "no_host_at all"})


def expired_form(visitor, path="/candidacy/consent/", **headers):
    """Post a form whose CSRF token does not match the cookie."""
    visitor.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return visitor.post(path, {"csrfmiddlewaretoken": "b" * 32}, headers=headers)


def without_cookies(visitor, path="/candidacy/consent/"):
    return visitor.post(path, {"csrfmiddlewaretoken": "b" * 32})


def without_a_referer(visitor, path="/candidacy/consent/"):
    visitor.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return visitor.post(path, {"csrfmiddlewaretoken": "a" * 32}, secure=True)


def from_nowhere(visitor, path="/candidacy/consent/"):
    return expired_form(visitor, path, origin="null")


def from_elsewhere(visitor, path="/candidacy/consent/"):
    return expired_form(visitor, path, origin="https://evil.example")


def referred_from_elsewhere(visitor, path="/candidacy/consent/"):
    visitor.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    return visitor.post(path, {}, secure=True, headers={"referer": "https://evil.example/"})


def too_many_fields(visitor):
    visitor.handler.enforce_csrf_checks = False
    return visitor.post("/candidacy/consent/", {f"field-{number}": "x" for number in range(401)})


def too_large(visitor):
    visitor.handler.enforce_csrf_checks = False
    return visitor.post("/candidacy/consent/", f"who={'x' * 300_000}", content_type="application/x-www-form-urlencoded")


def failing(name):
    def visit(visitor):
        return visitor.get(f"/fails/{name}/")

    visit.__name__ = name
    return visit


@pytest.mark.parametrize(
    ("visit", "status", "heading"),
    [
        (bad_host, 400, "We could not read that request"),
        (bad_host_with_underscores, 400, "We could not read that request"),
        (too_many_fields, 400, "We could not read that request"),
        (too_large, 400, "We could not read that request"),
        (failing("suspicious"), 400, "We could not read that request"),
        (failing("forbidden"), 403, "This page is not open to you"),
        (expired_form, 403, "This page was open too long"),
        (without_cookies, 403, "Your browser sent no cookie"),
        (without_a_referer, 403, "Your browser hides where the form came from"),
        (from_nowhere, 403, "Your browser hides where the form came from"),
        (from_elsewhere, 403, "The form did not come from our page"),
        (referred_from_elsewhere, 403, "The form did not come from our page"),
        (not_found, 404, "We cannot find that page"),
        (failing("fault"), 500, "Something went wrong on our side"),
        (failing("database-away"), 503, "Please try again in a minute"),
        (failing("database-gone"), 503, "Please try again in a minute"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_goes_wrong_has_a_page_that_says_what_to_do(visitor, visit, status, heading):
    response = visit(visitor)
    page = parsed(response.content)
    assert response.status_code == status
    assert [text_of(element) for element in page.iter("h1")] == [heading]
    assert text_of(page.find(".//title")).startswith(heading)
    assert page.find(".//main//a") is not None
    assert page.find(".//main//a[@href='tel:+16195550100']") is not None
    assert page.find(".//meta[@name='robots']").get("content") == "noindex"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Traceback" not in response.content.decode()
    assert ANSWER not in response.content.decode()


def test_without_a_phone_number_an_error_page_is_still_whole(visitor, settings):
    settings.CLINIC_PHONE = ""
    page = parsed(not_found(visitor).content)
    assert page.find(".//h1") is not None
    assert not [link for link in page.iter("a") if link.get("href").startswith("tel:")]


def test_a_pause_says_when_to_come_back(visitor):
    assert failing("database-away")(visitor).headers["Retry-After"] == "60"
    assert "Retry-After" not in failing("fault")(visitor).headers


def test_an_expired_form_leads_back_to_the_questions(visitor):
    assert parsed(expired_form(visitor).content).find(".//main//a[@href='/candidacy/']") is not None


@pytest.mark.slow
def test_an_error_speaks_the_language_of_its_address(visitor, settings, tmp_path):
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    for path, language in [("/es/nada/", "es"), ("/nowhere/", "en")]:
        response = visitor.get(path)
        assert parsed(response.content).get("lang") == language
        assert response.headers["Content-Language"] == language


@pytest.mark.slow
def test_an_error_page_offers_no_address_that_fails_as_well(visitor, settings, tmp_path):
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    page = parsed(not_found(visitor).content)
    inner = {link.get("href") for link in page.iter("a") if link.get("href").startswith("/")}
    assert inner
    assert {href: visitor.get(href).status_code for href in inner} == dict.fromkeys(inner, 200)


@pytest.mark.parametrize(
    ("send", "heading", "what_to_do"),
    [
        (without_cookies, "Su navegador no envió ninguna cookie", "Permita las cookies"),
        (without_a_referer, "Su navegador oculta de dónde vino el formulario", "Permita el “referrer”"),
        (from_nowhere, "Su navegador oculta de dónde vino el formulario", "Permita el “referrer”"),
        (from_elsewhere, "El formulario no vino de nuestra página", "Abra la página aquí"),
        (expired_form, "Esta página estuvo abierta demasiado tiempo", "Regrese una página"),
    ],
)
def test_a_refused_form_names_its_reason_in_spanish_too(visitor, send, heading, what_to_do):
    response = send(visitor, "/es/candidacy/consent/")
    assert response.status_code == 403
    assert [text_of(element) for element in parsed(response.content).iter("h1")] == [heading]
    assert what_to_do in response.content.decode()


def test_who_has_another_cookie_of_ours_refuses_none(visitor):
    visitor.cookies[settings.DRAFT_COOKIE_NAME] = "x"
    page = without_cookies(visitor).content.decode()
    assert "This page was open too long" in page
    assert "The answers you saved before are kept" in page


@pytest.mark.parametrize("send", [without_cookies, without_a_referer, from_nowhere, from_elsewhere, expired_form])
@pytest.mark.parametrize("path", ["/candidacy/withdraw/a.b/", "/es/candidacy/withdraw/a.b/copy/"])
def test_a_refused_withdrawal_says_nothing_of_saved_answers_and_leads_back(visitor, send, path):
    visitor.cookies[settings.DRAFT_COOKIE_NAME] = "x"
    response = send(visitor, path)
    page = response.content.decode()
    assert response.status_code == 403
    assert "kept for 24 hours" not in page
    assert "durante 24 horas" not in page
    assert ("Nothing has changed yet" in page) or ("Todavía no ha cambiado nada" in page)
    assert parsed(page).find(f".//main//a[@href='{path}']") is not None


def test_no_refused_form_speaks_of_saved_answers_where_nobody_has_any(visitor):
    assert "kept for 24 hours" not in without_cookies(visitor).content.decode()


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/logout/", "/staff/language/"])
def test_a_refused_form_of_staff_leads_to_the_desk_and_says_nothing_of_answers(visitor, path):
    visitor.cookies[settings.DRAFT_COOKIE_NAME] = "x"
    page = parsed(expired_form(visitor, path).content)
    assert page.find(".//main//a[@href='/admin/']") is not None
    assert "answers" not in text_of(page.find(".//main"))
