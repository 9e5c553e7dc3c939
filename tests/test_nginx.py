"""The site behind the nginx of docs/deploy, over TLS: URLs, cookies, slow clients, nginx's own pages."""

import base64
import hashlib
import http.client
import re
import ssl
from contextlib import ExitStack
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from crc_site import settings
from tests.nginx import NAME, SHIPPED, nginx, style_of
from tests.served import free_port, serve

pytestmark = [pytest.mark.server, pytest.mark.nginx]
LOGIN = "/admin/login/"
TOKEN = "d" * 32


@pytest.fixture(scope="module")
def front(tmp_path_factory):
    """One web process behind nginx."""
    folder = tmp_path_factory.mktemp("behind")
    site = serve(folder, SITE_URL=f"https://{NAME}", ALLOWED_HOSTS=NAME, WEB_CONCURRENCY="1")
    with nginx(folder / "nginx", f"127.0.0.1:{site.port}") as made:
        yield made
    site.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """nginx without a running upstream."""
    with nginx(tmp_path_factory.mktemp("alone") / "nginx", f"127.0.0.1:{free_port()}") as made:
        yield made


def connect(front, client: str = "127.0.0.1") -> http.client.HTTPSConnection:
    """Connect over TLS, trusting only this nginx's certificate."""
    trust = ssl.create_default_context(cafile=front.folder / "fullchain.pem")
    return http.client.HTTPSConnection("127.0.0.1", front.https, context=trust, timeout=20, source_address=(client, 0))


def ask(connection, method: str, path: str, fields: dict | None = None, **headers: str):
    body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields) if fields is not None else None
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    cookies = {"Cookie": f"__Host-csrf={TOKEN}", "Origin": f"https://{NAME}"} if body else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Host": NAME, **form, **cookies, **named})
    answer = connection.getresponse()
    answer.page = answer.read().decode("utf-8", "replace")
    return answer


def test_plain_http_leads_to_https_by_the_clinics_own_name(front):
    answer = ask(http.client.HTTPConnection("127.0.0.1", front.http), "GET", "/es/guides/?a=1", Host="evil.example")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/es/guides/?a=1")


@pytest.mark.parametrize("path", ["/", "/es/guides/", "/candidacy/consent/"])
def test_a_page_comes_over_tls_with_hsts(front, path):
    answer = ask(connect(front), "GET", path)
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert answer.headers["Server"] == "nginx"


def test_guides_keep_the_headers_that_let_others_keep_them(front):
    answer = ask(connect(front), "GET", "/guides/", Accept_Encoding="gzip")
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert ask(connect(front), "GET", "/guides/", If_None_Match=answer.headers["ETag"]).status == 304


def test_a_form_is_never_compressed(front):
    assert "Content-Encoding" not in ask(connect(front), "GET", "/candidacy/consent/", Accept_Encoding="gzip").headers


def test_cookies_are_bound_to_the_host(front):
    cookies = SimpleCookie(ask(connect(front), "GET", "/candidacy/consent/").headers["Set-Cookie"])
    assert all(name.startswith("__Host-") and cookie["secure"] for name, cookie in cookies.items())
    assert cookies


def test_clients_are_told_apart_whatever_they_say_of_themselves(front):
    wrong = {"username": "staff", "password": "wrong", "otp_token": "000000"}

    def fail(client: str, claimed: str) -> int:
        return ask(connect(front, client), "POST", LOGIN, wrong, X_Forwarded_For=claimed).status

    assert [fail("127.9.0.1", f"203.0.113.{number}") for number in range(5)] == [200, 200, 200, 200, 429]
    assert fail("127.9.0.1", "127.0.0.1") == 429
    assert fail("127.9.0.2", "127.9.0.1") == 200


def test_slow_clients_hold_up_nobody(front):
    """Twenty unfinished posts, more than the site has threads, do not block other requests."""
    with ExitStack() as begun:
        for number in range(20):
            slow = connect(front, f"127.8.0.{number + 1}")
            begun.callback(slow.close)
            slow.putrequest("POST", "/candidacy/consent/", skip_host=True)
            for name, value in (("Host", NAME), ("Content-Length", "900")):
                slow.putheader(name, value)
            slow.endheaders(b"consent=")
        assert [ask(connect(front), "GET", path).status for path in ("/healthz", "/readyz", "/candidacy/")] == [200] * 3


def test_as_much_as_the_site_takes_passes_through_memory(front):
    words = "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 200)
    assert ask(connect(front), "POST", "/candidacy/consent/", {"consent": words}).status < 500


def test_more_than_the_site_takes_is_refused_with_a_page(front):
    answer = ask(connect(front), "POST", "/candidacy/consent/", {"consent": "a" * 300_000})
    assert answer.status == 413
    assert "That is too long to send" in answer.page
    assert "Es demasiado largo" in answer.page


def test_while_nothing_answers_a_page_says_so_in_both_languages(alone):
    answer = ask(connect(alone), "GET", "/candidacy/withdraw/zyxcanary/")
    assert answer.status == 503
    assert "Please try again in a minute" in answer.page
    assert "Intente otra vez en un minuto" in answer.page
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_of_its_own_need_nothing_from_elsewhere_and_may_use_their_style(alone):
    policy = ask(connect(alone), "GET", "/").headers["Content-Security-Policy"]
    for file in (SHIPPED / "pages").glob("*.html"):
        page = file.read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(style_of(page).encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
        assert not re.search(r"\b(src|href|url)\b", page)


def test_its_pages_have_no_address(front):
    assert ask(connect(front), "GET", "/unavailable.html").status == 404


def test_nothing_of_a_request_is_logged(front, alone):
    for one in (front, alone):
        ask(connect(one, "127.7.0.1"), "POST", "/candidacy/withdraw/zyxcanary/?name=zyxcanary", {"name": "zyxcanary"})
        assert one.logged == ""
