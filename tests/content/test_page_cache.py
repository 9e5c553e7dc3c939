import copy
import gzip
import io
import json
from functools import lru_cache

import brotli
import pytest
from django.core.wsgi import get_wsgi_application

from content.page_cache import PageCache, public_paths

# Django closes old connections after each response, which may use the database.
pytestmark = pytest.mark.django_db

GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"


@lru_cache
def filled_cache() -> PageCache:
    return PageCache(get_wsgi_application())


@pytest.fixture
def cache():
    """The pages are rendered once; a test may exchange the application behind them."""
    return copy.copy(filled_cache())


def ask(
    application, path: str = GUIDE, method: str = "GET", scheme: str = "http", query_string: str = "", **headers: str
):
    """Return status, headers and body of a response."""
    environ = {
        "PATH_INFO": path,
        "REQUEST_METHOD": method,
        "QUERY_STRING": query_string,
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    answer = {}
    body = application(environ, lambda status, headers, *_: answer.update(status=status, headers=dict(headers)))
    return answer["status"], answer["headers"], b"".join(body)


def test_every_public_page_is_cached(cache):
    assert set(cache.pages) == set(public_paths())
    assert {"/", "/guides/", GUIDE, "/privacy/"} <= set(cache.pages)
    assert not any(path.startswith("/candidacy") for path in cache.pages)


def test_a_cached_page_is_djangos_own_answer(cache):
    of_django = get_wsgi_application()
    for path in cache.pages:
        status, headers, body = ask(cache, path)
        django_status, django_headers, django_body = ask(of_django, path)
        assert (status, body) == (django_status, django_body)
        added = {"ETag", "Vary"}
        assert set(headers) - added == set(django_headers) - added
        for name in set(headers) - added:
            assert headers[name] == django_headers[name], name


@pytest.mark.parametrize(
    ("accepted", "coding", "opened"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("", None, bytes),
    ],
)
def test_the_browser_gets_the_smallest_coding_it_takes(cache, accepted, coding, opened):
    _, headers, body = ask(cache, accept_encoding=accepted)
    assert headers.get("Content-Encoding") == coding
    assert headers["Content-Length"] == str(len(body))
    assert headers["Vary"] == "Accept-Encoding"
    assert opened(body) == ask(cache)[2]


def test_a_page_that_has_not_changed_is_not_sent_again(cache):
    _, headers, _ = ask(cache, accept_encoding="br")
    status, again, body = ask(cache, accept_encoding="br", if_none_match=headers["ETag"])
    assert (status, body) == ("304 Not Modified", b"")
    assert again["ETag"] == headers["ETag"]
    assert "Content-Length" not in again
    assert ask(cache, if_none_match='"another"')[0] == "200 OK"


def test_head_has_the_headers_and_no_body(cache):
    status, headers, body = ask(cache, method="HEAD")
    assert (status, body) == ("200 OK", b"")
    assert int(headers["Content-Length"]) > 10_000


def test_a_strange_host_is_refused_as_ever(cache):
    assert ask(cache, host="evil.example")[0].startswith("400")


def test_http_is_led_to_https(cache, settings):
    settings.SECURE_SSL_REDIRECT = True
    cache.django = get_wsgi_application()  # a new application reads the changed setting
    assert ask(cache, scheme="https")[0] == "200 OK"
    status, headers, _ = ask(cache, scheme="http")
    assert status.startswith("301")
    assert headers["Location"].startswith("https://")


def test_other_methods_and_addresses_pass_on(cache):
    assert ask(cache, method="PUT")[0].startswith("4")
    assert ask(cache, "/guides/unknown/")[0].startswith("404")
    assert ask(cache, "/healthz")[0].startswith("200")


def test_each_answer_leaves_the_usual_line_in_the_log(cache, capfd):
    ask(cache)
    line = json.loads(capfd.readouterr().err.splitlines()[-1])
    assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "GET", "guide", 200)
    assert GUIDE not in str(line)


def test_with_debug_nothing_is_cached(settings):
    settings.DEBUG = True
    assert PageCache(get_wsgi_application()).pages == {}
