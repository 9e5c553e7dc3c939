"""Send one request from a person's own address in 127.0.0.0/8, without following redirects."""

import http.client
import time
import urllib.parse
from dataclasses import dataclass

from tests.served import HANG

TOKEN = "d" * 32  # CSRF token; any value is valid that is in both field and cookie


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str
    seconds: float


def address_of(person: int) -> str:
    """Return the person's address (127.1.0.1, 127.1.0.2, …), so that people do not share a rate limit."""
    block, last = divmod(person, 250)
    first, second = divmod(block, 250)
    return f"127.{first + 1}.{second}.{last + 1}"


def ask(
    port: int,
    method: str,
    path: str,
    fields: dict | None = None,
    *,
    person: int = 0,
    draft: str = "",
    inquiry: str = "",
    staff: str = "",
    has_token: bool = True,
    forwarded_for: str = "",
) -> Answer:
    """Send a request; ``has_token`` sets the CSRF cookie. Raises OSError or HTTPException if there is no response."""
    cookies = ([f"csrf={TOKEN}"] if has_token else []) + ([f"draft={draft}"] if draft else [])
    cookies += [f"inquiry={inquiry}"] if inquiry else []
    cookies += [f"staff={staff}"] if staff else []
    headers = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    if forwarded_for:
        headers["X-Forwarded-For"] = forwarded_for
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN} | fields, doseq=True) if fields is not None else None
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG, source_address=(address_of(person), 0))
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return Answer(answer.status, answer.headers.get("Location", ""), text, time.perf_counter() - started)
    finally:
        connection.close()


def ask_and_follow(port: int, path: str, fields: dict, *, person: int, draft: str, forwarded_for: str = "") -> Answer:
    """Post a form; follow the redirect only if it leads back to ``path``, which means that it was not accepted."""
    answer = ask(port, "POST", path, fields, person=person, draft=draft, forwarded_for=forwarded_for)
    if urllib.parse.urlsplit(answer.location).path != path:
        return answer
    return ask(port, "GET", answer.location, person=person, draft=draft, forwarded_for=forwarded_for)
