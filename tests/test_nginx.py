"""The site behind the nginx of docs/deploy, over TLS: URLs, cookies, slow clients, nginx's own pages."""

import base64
import hashlib
import http.client
import json
import re
import socket
import ssl
import time
from contextlib import ExitStack
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from crc_site import settings
from tests.nginx import BROTLI, NAME, SHIPPED, nginx, style_of
from tests.served import HANG, free_port, serve, wait_for

pytestmark = [pytest.mark.server, pytest.mark.nginx]
LOGIN = "/admin/login/"
TOKEN = "d" * 32
LINE = {"time", "method", "part", "status", "seconds", "bytes", "cache", "protocol", "tls_session"}
PER_CONNECTION = {"Server", "Date", "Connection", "Keep-Alive", "Transfer-Encoding", "Last-Modified"}
# Stored pages get old within a second instead of five minutes.
FORGETFUL = {"proxy_ignore_headers Vary;": "proxy_ignore_headers Vary Cache-Control; proxy_cache_valid 200 1s;"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One web process."""
    folder = tmp_path_factory.mktemp("behind")
    served = serve(folder, SITE_URL=f"https://{NAME}", ALLOWED_HOSTS=NAME, WEB_CONCURRENCY="1")
    yield served
    served.stop()


@pytest.fixture(scope="module")
def front(site):
    """The web process behind nginx."""
    with nginx(site.folder / "nginx", f"127.0.0.1:{site.port}") as made:
        yield made


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """nginx without a running upstream."""
    with nginx(tmp_path_factory.mktemp("alone") / "nginx", f"127.0.0.1:{free_port()}") as made:
        yield made


def connect(front, client: str = "127.0.0.1") -> http.client.HTTPSConnection:
    """Connect over TLS, trusting only this nginx's certificate."""
    trust = ssl.create_default_context(cafile=front.folder / "fullchain.pem")
    return http.client.HTTPSConnection(
        "127.0.0.1", front.https, context=trust, timeout=HANG, source_address=(client, 0)
    )


def directly(site) -> http.client.HTTPConnection:
    """Connect to the web process without nginx."""
    return http.client.HTTPConnection("127.0.0.1", site.port)


def ask(connection, method: str, path: str, fields: dict | None = None, **headers: str):
    body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields) if fields is not None else None
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    cookies = {"Cookie": f"__Host-csrf={TOKEN}", "Origin": f"https://{NAME}"} if body else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Host": NAME, **form, **cookies, **named})
    answer = connection.getresponse()
    answer.raw = answer.read()
    answer.page = answer.raw.decode("utf-8", "replace")
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
    tag = answer.headers["ETag"]
    assert ask(connect(front), "GET", "/guides/", Accept_Encoding="gzip", If_None_Match=tag).status == 304


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


def test_a_line_of_the_log_says_as_little_as_the_sites_own(front, alone):
    for one in (front, alone):
        path = "/candidacy/withdraw/zyxcanary/?name=zyxcanary"
        ask(
            connect(one, "127.7.0.1"),
            "POST",
            path,
            {"name": "zyxcanary"},
            User_Agent="zyxcanary",
            Referer="/zyxcanary/",
        )
        ask(http.client.HTTPConnection("127.0.0.1", one.http), "ZYXCANARY", "/zyxcanary/", Host="zyxcanary.example")
        assert wait_for(lambda one=one: {("POST", "candidacy", False), ("other", "page", True)} <= seen_in(one.logged))
        logged = one.logged
        assert "canary" not in logged.casefold()
        assert "127." not in logged
        assert all(set(json.loads(line)) == LINE for line in logged.splitlines())


def seen_in(logged: str) -> set[tuple[str, str, bool]]:
    """Method and part of each request, and whether it was redirected."""
    lines = [json.loads(line) for line in logged.splitlines()]
    return {(line["method"], line["part"], line["status"] == 301) for line in lines}


@pytest.mark.parametrize("path", ["/guides/", "/es/guides/"])
@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, deflate, br", "br;q=0, gzip"])
def test_a_public_page_comes_from_the_cache_as_the_site_sends_it(front, site, path, accepted):
    cold, warm = [ask(connect(front), "GET", path, Accept_Encoding=accepted) for _time in range(2)]
    itself = ask(directly(site), "GET", path, Accept_Encoding=accepted, X_Forwarded_Proto="https")
    assert warm.raw == cold.raw == itself.raw
    told = {name: value for name, value in itself.headers.items() if name not in PER_CONNECTION}
    assert {name: value for name, value in warm.headers.items() if name not in PER_CONNECTION} == told
    tag = warm.headers["ETag"]
    assert ask(connect(front), "GET", path, Accept_Encoding=accepted, If_None_Match=tag).status == 304
    assert wait_for(lambda: '"cache": "HIT"' in front.logged)


def test_pages_outlive_the_site_until_a_new_release_empties_the_cache(tmp_path):
    site = serve(tmp_path, SITE_URL=f"https://{NAME}", ALLOWED_HOSTS=NAME, WEB_CONCURRENCY="1")
    with nginx(tmp_path / "nginx", f"127.0.0.1:{site.port}", changes=FORGETFUL) as front:
        assert ask(connect(front), "GET", "/guides/").status == 200
        site.stop()
        time.sleep(1.2)
        stale, other = (ask(connect(front), "GET", path) for path in ("/guides/", "/es/guides/"))
        assert (stale.status, other.status) == (200, 503)
        site.environment["CLINIC_NAME"] = "The renamed clinic"
        site.start()
        assert "The renamed clinic" not in ask(connect(front), "GET", "/guides/").page  # the next visitor's is renewed
        front.empty_cache()
        assert "The renamed clinic" in ask(connect(front), "GET", "/guides/").page
        site.stop()


def test_a_query_or_an_encoded_address_is_neither_looked_up_nor_stored(front):
    before = front.cached()
    for path in ("/es/?name=zyxcanary", "/%65s/", "/es/guides/%3Fname=zyxcanary", "/find/?q=zyxcanary", "/no-such/"):
        ask(connect(front), "GET", path)
    assert front.cached() == before


def test_static_files_have_the_sites_headers_their_compression_and_a_year(front, site):
    path = re.search(r'href="(/static/css/site\.[^"]+)"', ask(connect(front), "GET", "/").page)[1]
    itself = ask(directly(site), "GET", path, X_Forwarded_Proto="https")
    for coding in ("", "gzip", *(["br"] if BROTLI.exists() else [])):
        answer = ask(connect(front), "GET", path, Accept_Encoding=coding)
        assert (answer.status, answer.headers.get("Content-Encoding", "")) == (200, coding)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
        for name in set(itself.headers) - PER_CONNECTION - {"Cache-Control", "Content-Length", "ETag"}:
            assert parts(answer.headers[name]) == parts(itself.headers[name]), name


def parts(header: str) -> set[str]:
    return {part.strip() for part in header.replace('"', "").split(";")}


def test_a_file_that_nginx_does_not_have_is_asked_of_the_site(front):
    answer = ask(connect(front), "GET", "/static/css/no-such.css")
    assert answer.status == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ask(connect(front), "POST", "/static/css/site.css", {}).headers["X-Frame-Options"] == "DENY"


def test_a_visitor_who_comes_back_resumes_the_session(front):
    trust = ssl.create_default_context(cafile=front.folder / "fullchain.pem")
    session = None
    for is_reused in (False, True):
        plain = socket.create_connection(("127.0.0.1", front.https))
        with trust.wrap_socket(plain, server_hostname=NAME, session=session) as secure:
            secure.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
            while secure.recv(65536):
                pass
            assert secure.session_reused is is_reused
            session = secure.session


def test_it_speaks_http_2(front):
    trust = ssl.create_default_context(cafile=front.folder / "fullchain.pem")
    trust.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", front.https)) as plain:
        assert trust.wrap_socket(plain, server_hostname=NAME).selected_alpn_protocol() == "h2"
