"""Provoke every class of error over a socket, with a canary in all input."""

import http.client
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from tests.canaries.planted import TYPED
from tests.served import HANG
from tests.visitor import Page, Visitor

FORGED = TYPED["forged"]
STEP = "/candidacy/anything-else/"
ADDRESSES = (
    f"/nowhere/{FORGED}/",
    f"/es/{FORGED}/",
    f"/candidacy/{FORGED}/",
    f"/candidacy/withdraw/{FORGED}/",
    f"/candidacy/withdraw/{FORGED}/copy/",
    f"/candidacy/copy/{FORGED}/",
    f"/candidacy/copy/{FORGED}/json/",
    f"/staff/enrol/{FORGED}/",
    f"/guides/{FORGED}/?{FORGED}={FORGED}",
    f"/static/{FORGED}.css",
    f"/photographs/{FORGED}-640.webp",
)
ON_THE_DESK = (
    f"/admin/{FORGED}/",
    f"/admin/screening/inquiry/{FORGED}/change/",
    f"/admin/screening/inquiry/{FORGED}/hold/",
    f"/admin/screening/inquiry/?q={FORGED}",
    f"/admin/screening/inquiry/?tab={FORGED}",
    f"/admin/screening/inquiry/export/?status={FORGED}",
    f"/admin/staff/member/?q={FORGED}",
    f"/admin/staff/member/{FORGED}/change/",
    f"/admin/r/1/{FORGED}/",
)


def raw(site, path: str, body: bytes = b"", method: str = "POST", **headers: str) -> Page:
    """Send a request that no form would send."""
    form = {"Content-Type": "application/x-www-form-urlencoded"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=HANG)
    try:
        connection.request(method, path, body or None, form)
        answer = connection.getresponse()
        return Page(answer.status, answer.headers.get("Location", ""), answer.read().decode())
    finally:
        connection.close()


def many_fields() -> bytes:
    return urlencode([(f"{TYPED['field']}{number}", TYPED["field"]) for number in range(1001)]).encode()


def with_a_file() -> tuple[bytes, str]:
    """Body and type of a multipart form with a file."""
    head = f'--x\r\nContent-Disposition: form-data; name="{TYPED["field"]}"; filename="{TYPED["file"]}.png"\r\n\r\n'
    return head.encode() + TYPED["file"].encode() * 10_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def at_the_door(site) -> Iterator[tuple[Page, int]]:
    """Requests that the server, or Django before any view, rejects; each with the expected status."""
    too_long = f"{TYPED['field']}=".encode() + TYPED["field"].encode() * 20_000
    body, kind = with_a_file()
    cookie = f"{TYPED['header']}=" + TYPED["header"] * 2000
    known = with_a_token(Visitor(site.address))
    yield raw(site, "/", method="GET", Host=f"{TYPED['host']}.example"), 400
    yield raw(site, STEP, too_long, **known), 400
    yield raw(site, STEP, many_fields(), **known), 400
    yield raw(site, STEP, body, **known | {"Content_Type": kind}), 302
    yield raw(site, STEP, f"csrfmiddlewaretoken={FORGED}&anything-else={TYPED['field']}".encode()), 403
    yield raw(site, "/guides/", TYPED["field"].encode(), **known), 405
    yield raw(site, "/guides/", method=FORGED.upper(), **known), 405
    yield raw(site, f"/{FORGED * 1000}", method="GET"), 414
    yield raw(site, "/", method="GET", Cookie=cookie), 431


def with_a_token(somebody: Visitor) -> dict[str, str]:
    """CSRF token and cookies of a visitor with a form."""
    token = somebody.token("/candidacy/consent/")
    return {"X_CSRFToken": token, "Cookie": "; ".join(f"{one.name}={one.value}" for one in somebody.cookies)}


def signing_in(site) -> Iterator[tuple[Page, int]]:
    """A password typed as the user name, until lockout."""
    stranger = Visitor(site.address)
    typed = {"username": TYPED["login"], "password": TYPED["password"], "otp_token": TYPED["code"], "next": FORGED}
    for status in (200, 200, 200, 200, 429, 429):
        yield stranger.post("/admin/login/", typed), status


def at_the_form(site, patient: Visitor) -> Iterator[tuple[Page, int]]:
    """Rejected answers, a filled honeypot, and too many posts from one address."""
    unknown = {"infection": TYPED["forged"]}
    yield patient.post("/candidacy/infection/", unknown), 422
    yield patient.post(STEP, {"anything-else": TYPED["field"] * 1000}), 422
    yield patient.post("/candidacy/check/", {"website": TYPED["honeypot"]}), 422
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=HANG) as database:
        database.execute("UPDATE screening_tally SET times = 400")
    yield patient.post(STEP, {"anything-else": TYPED["field"]}), 429


def broken_wording(site, ask: Callable[[], Page]) -> Iterator[tuple[Page, int]]:
    """The sheet fails with every answer in local variables."""
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=HANG) as database:
        database.execute('UPDATE screening_wordingversion SET content = \'{"en": {"steps": 7}}\'')
    yield ask(), 500


def locked_database(site, patient: Visitor) -> Iterator[tuple[Page, int]]:
    """The database is locked for longer than a request waits."""
    known = with_a_token(patient)
    with locked(site):
        yield raw(site, STEP, urlencode({"anything-else": TYPED["field"]}).encode(), **known), 503


@contextmanager
def locked(site) -> Iterator[None]:
    database = sqlite3.connect(site.folder / "db.sqlite3", timeout=HANG, isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        database.execute("ROLLBACK")
        database.close()
