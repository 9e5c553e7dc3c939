"""Every response has the same security headers, whatever its source and status."""

import pytest
from django.test import Client

from tests.builders import draft
from tests.crc_site.expected_headers import wrong_headers

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.crc_site.failing_views")]


@pytest.fixture
def visitor(client, with_draft, settings):
    """A visitor with a draft; one static file exists."""
    settings.STATIC_ROOT.joinpath("a.css").write_text("p { margin: 0 }")
    client.raise_request_exception = False
    return with_draft(draft(infection=None))


def get(path: str, **extra):
    return lambda visitor: visitor.get(path, **extra)


def post(path: str, **data):
    return lambda visitor: visitor.post(path, data)


def unchanged(visitor):
    changed = visitor.get("/static/a.css").headers["Last-Modified"]
    return visitor.get("/static/a.css", headers={"if-modified-since": changed})


def forged(visitor):
    return Client(enforce_csrf_checks=True).post("/candidacy/consent/")


ANSWERS = {
    "home": (get("/"), 200),
    "a guide": (get("/guides/who-might-be-a-candidate/"), 200),
    "a guide without its slash": (get("/guides/who-might-be-a-candidate"), 301),
    "the start": (get("/candidacy/"), 200),
    "a step": (get("/candidacy/infection/"), 200),
    "a step with an error": (post("/candidacy/infection/"), 302),
    "a step that leads on": (post("/candidacy/infection/", infection="no"), 302),
    "the desk's door": (get("/admin/"), 302),
    "the desk's sign-in": (get("/admin/login/"), 200),
    "a bad host": (get("/", headers={"host": "evil.example"}), 400),
    "a form without its token": (forged, 403),
    "an unknown address": (get("/nowhere/"), 404),
    "a post to a guide": (post("/guides/"), 405),
    "a fault": (get("/fails/fault/"), 500),
    "a pause": (get("/fails/database-away/"), 503),
    "healthz": (get("/healthz"), 200),
    "readyz": (get("/readyz"), 200),
    "a static file": (get("/static/a.css"), 200),
    "a static file that has not changed": (unchanged, 304),
    "an unknown static file": (get("/static/b.css"), 404),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_response_has_the_same_security_headers(visitor, name):
    ask, status = ANSWERS[name]
    response = ask(visitor)
    assert response.status_code == status
    assert wrong_headers(response) == []


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/admin/login/", "/healthz", "/static/a.css"])
def test_over_https_every_answer_says_to_stay_there(visitor, settings, path):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    response = visitor.get(path, secure=True)
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000; includeSubDomains")


def test_http_is_led_to_https_but_for_the_load_balancer(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = visitor.get("/guides/?a=b")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/guides/?a=b")
    assert visitor.get("/healthz").status_code == 200
    assert visitor.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "name", ["the start", "a step", "a step with an error", "healthz", "readyz", "an unknown address"]
)
def test_what_must_not_be_cached_says_so(visitor, name):
    assert "no-store" in ANSWERS[name][0](visitor).headers["Cache-Control"]


def test_the_cookies_of_a_patient_are_out_of_reach_for_scripts_and_other_sites(client, settings):
    client.post("/candidacy/consent/", {"who": "self", "adult": "on", "consent": "on"})
    client.get("/candidacy/condition/")
    for name in (settings.DRAFT_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
