"""No test here may touch the database: what goes wrong is explained without it."""

import pytest
from django.test import Client

from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of
from tests.crc_site.failing_views import ANSWER

pytestmark = pytest.mark.urls("tests.crc_site.failing_views")


@pytest.fixture
def visitor(settings):
    """Somebody who sees the error page and not the exception."""
    settings.CLINIC_PHONE = "+1 619 555 0100"
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def not_found(visitor):
    return visitor.get("/nowhere/")


def bad_host(visitor):
    return visitor.get("/", headers={"host": "evil.example"})


def bad_host_with_underscores(visitor):
    return visitor.get("/", headers={"host": "no_host_at all"})


def expired_form(visitor):
    return visitor.post("/candidacy/consent/", {"who": "self"})


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


def test_an_error_speaks_the_language_of_its_address(visitor, settings, tmp_path):
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    for path, language in [("/es/nada/", "es"), ("/nowhere/", "en")]:
        response = visitor.get(path)
        assert parsed(response.content).get("lang") == language
        assert response.headers["Content-Language"] == language


def test_an_error_page_offers_no_address_that_fails_as_well(visitor, settings, tmp_path):
    settings.CONTENT_DIR = copies_of_texts.add_spanish(copies_of_texts.copy_of_english(tmp_path))
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    page = parsed(not_found(visitor).content)
    inner = {link.get("href") for link in page.iter("a") if link.get("href").startswith("/")}
    assert inner
    assert {href: visitor.get(href).status_code for href in inner} == dict.fromkeys(inner, 200)
