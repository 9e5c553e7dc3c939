"""Requests that no browser sends, as they go over the wire: hypothesis makes up the words, chance combines them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.drills.client import TOKEN
from tests.hostile import addresses, keys, slugs, texts

HUGE = 10_000_000
HUGE_ONES = 0.002  # of all requests
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
METHODS = ("POST",) * 6 + ("GET",) * 3 + ("HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW")
HOSTS = ("127.0.0.1",) * 40 + ("evil.example", "", "127.0.0.1:99999", "[::1", "a b", "\x00", "\xff")
CHARSETS = ("", "", *(f"; charset={name}" for name in ("utf-7", "utf-16", "latin-1", "hex", "no-such")))
HEADERS = ("Accept-Language", "Accept-Encoding", "Referer", "Origin", "X-Forwarded-For", "If-None-Match", "Range")
STEPS = [f"/candidacy/{slug}/" for slug in slugs]
FIXED = (
    *(f"/candidacy/{name}" for name in ("check/", "sent/", "sent/answers/", "resume/", "clear/", "")),
    *("/candidacy/..%5c..%5cetc/passwd/", "/candidacy/%ff%fe/", "/..%5c..%5cetc", "//[", "*", "/%00", ""),
)
FORGED = (
    *("/candidacy/{}/", "/candidacy/withdraw/{}/", "/candidacy/withdraw/{}/copy/", "/candidacy/copy/{}/json/"),
    *("/guides/{}/", "/static/{}", "/admin/{}/", "/es/candidacy/goals/?change={}", "/{}"),
)


@dataclass(frozen=True)
class Request:
    """What is sent; after the body comes as much padding as makes it huge."""

    line: bytes
    headers: tuple[bytes, ...]
    body: bytes
    padding: int

    def start(self) -> bytes:
        length = b"Content-Length: %d" % (len(self.body) + self.padding)
        return b"\r\n".join([self.line, *self.headers, length, b"Connection: close", b"", self.body])


def examples(strategy: st.SearchStrategy, count: int) -> list:
    """So many values as hypothesis makes them up."""
    made: list = []

    @settings(max_examples=count, phases=[Phase.generate], database=None, deadline=None)
    @given(strategy)
    def make(value) -> None:
        made.append(value)

    make()
    return made


def requests(drafts: list[str], words: int) -> Iterator[Request]:
    """Without end. Most bear the form's token and the cookie of one of the drafts, to get as far as they can."""
    said, asked, known = examples(texts, words), examples(addresses, words), examples(keys, words)
    while True:
        fields = [(random.choice(known), random.choice(said)) for _ in range(random.randrange(8))]
        content_type, body = random_body([*fields, ("csrfmiddlewaretoken", TOKEN)], random.choice(said))
        draft = random.choice(said if seldom() else drafts)
        headers = {"Host": random.choice(HOSTS), "Content-Type": content_type, "Cookie": f"csrf={TOKEN}; draft={draft}"}
        if seldom():
            headers[random.choice(HEADERS)] = random.choice(said)
        yield Request(
            b"%b %b HTTP/1.1" % (random.choice(METHODS).encode(), random_target(asked, said)),
            tuple(as_bytes(f"{name}: {value}") for name, value in headers.items()),
            body,
            HUGE if random.random() < HUGE_ONES else 0,
        )


def seldom() -> bool:
    return random.random() < 0.1


def random_target(asked: list[str], said: list[str]) -> bytes:
    """A step, a page of another kind, or a forged name; escaped as it should be, or not."""
    forged = random.choice(FORGED).format(random.choice(said))
    paths = (random.choice(STEPS), random.choice(asked), random.choice(FIXED), forged)
    path = random.choices(paths, (6, 1, 1, 2))[0]
    return as_bytes(path) if seldom() else quote(as_bytes(path), safe="/%?=*[").encode()


def random_body(fields: list[tuple[str, str]], text: str) -> tuple[str, bytes]:
    """With its content type; a few have more fields than a form may, or are no form at all."""
    kind = random.random()
    if kind < 0.60:
        return URLENCODED, urlencoded(fields)
    if kind < 0.85:
        return MULTIPART + random.choice(CHARSETS), multipart(fields)
    if kind < 0.88:
        return URLENCODED, urlencoded(fields + [("field", "1")] * 1001)
    return random.choice((URLENCODED, MULTIPART, "application/json", text)), random.randbytes(100)


def urlencoded(fields: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote(as_bytes(key))}={quote(as_bytes(value))}" for key, value in fields).encode()


def multipart(fields: list[tuple[str, str]]) -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
    return b"".join(head % (as_bytes(key), as_bytes(value)) for key, value in fields) + b"--x--\r\n"


def as_bytes(text: str) -> bytes:
    """Lone surrogates too, which no well-behaved client can send."""
    return text.encode("utf-8", "surrogatepass")
