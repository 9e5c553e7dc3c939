"""Hostile requests over a real socket, which no test client cleans up."""

import http.client

import pytest

from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import answers
from tests.served import HANG
from tests.visitor import Visitor

pytestmark = pytest.mark.server

CHARSETS = ["hex", "base64", "rot13", "zlib", "undefined", "utf-7", "raw_unicode_escape", "no-such", "utf-8"]
PATHS = [
    "/",
    "/?a=1",
    "/?" + "&".join(f"p{n}=1" for n in range(450)),
    "/candidacy/?a=%ff",
    "/admin/login/",
    "/es/",
    "//[",
]


@pytest.fixture(scope="module")
def answered(site) -> Visitor:
    """Somebody who has answered everything."""
    made = Visitor(site.address)
    made.answer_everything(answers("another"))
    return made


@pytest.fixture
def visitor(answered) -> Visitor:
    """The same with nothing left of a rejected input."""
    keys = [question.key for question in QUESTIONNAIRE.step("contact").questions]
    given = answers("another")
    answered.post("/candidacy/contact/", {key: given[key] for key in keys if key in given})
    assert answered.get("/candidacy/contact/").status == 200
    return answered


def send(site, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANG)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, names)
    answer = connection.getresponse()
    page = answer.read().decode("utf-8", "replace")
    assert answer.status < 500, (method, path, headers, page[:300])
    return answer.status, answer.headers.get("Content-Security-Policy") or ""


@pytest.mark.parametrize("charset", CHARSETS)
def test_no_charset_makes_a_server_error(site, charset):
    for path in PATHS:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            _status, policy = send(site, "GET", path, Content_Type=f"{kind}; charset={charset}")
            assert "default-src 'none'" in policy


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("text", [b"+2AA-", rb"\ud800", b"\xff\xfe", b"a@+2AA-.com"])
def test_what_is_shown_again_beside_an_error_is_clean(site, visitor, charset, text):
    """A 422 page repeats the input, so a lone surrogate would break it."""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.cookies)
    token = visitor.token("/candidacy/contact/")
    fields = {"csrfmiddlewaretoken": token.encode(), "name": text, "email": text, "phone": text}
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (k.encode(), v) for k, v in fields.items()
    ]
    status, _ = send(
        site,
        "POST",
        "/candidacy/contact/",
        b"".join(parts) + b"--x--\r\n",
        Content_Type=f"multipart/form-data; boundary=x; charset={charset}",
        Cookie=cookies,
        Origin=site.address,
    )
    assert status == 302
    status, _ = send(site, "GET", "/candidacy/contact/", Cookie=cookies)
    assert status == 422


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "HEAD", "BREW"])
def test_no_method_makes_a_server_error(site, method):
    for path in (
        "/",
        "/guides/",
        "/candidacy/consent/",
        "/candidacy/check/",
        "/candidacy/sent/",
        "/healthz",
        "/static/x",
    ):
        send(site, method, path)
