"""One request from an address of one's own in 127.0.0.0/8; redirects are not followed."""

import http.client
import time
import urllib.parse
from dataclasses import dataclass

TOKEN = "d" * 32  # of the form, in its field and its cookie; any is good that stands in both


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str
    seconds: float


def address_of(person: int) -> str:
    """The address of a person, so that the limits of one address never meet: 127.1.0.1, 127.1.0.2 and so on."""
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
    has_token: bool = True,
    forwarded_for: str = "",
) -> Answer:
    """Raises OSError or HTTPException when no answer comes. ``has_token`` is whether the token's cookie is there."""
    cookies = ([f"csrf={TOKEN}"] if has_token else []) + ([f"draft={draft}"] if draft else [])
    headers = {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    if forwarded_for:
        headers["X-Forwarded-For"] = forwarded_for
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN} | fields, doseq=True) if fields is not None else None
    started = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(address_of(person), 0))
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return Answer(answer.status, answer.headers.get("Location", ""), text, time.perf_counter() - started)
    finally:
        connection.close()


def ask_and_follow(port: int, path: str, fields: dict, *, person: int, draft: str, forwarded_for: str = "") -> Answer:
    """A POST, and the page that it leads back to where it was not accepted; what it led on to is not asked for."""
    answer = ask(port, "POST", path, fields, person=person, draft=draft, forwarded_for=forwarded_for)
    if urllib.parse.urlsplit(answer.location).path != path:
        return answer
    return ask(port, "GET", answer.location, person=person, draft=draft, forwarded_for=forwarded_for)
