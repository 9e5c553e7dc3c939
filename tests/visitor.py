"""A visitor without a browser: cookies, forms with their CSRF token, and pages as text, over a real socket."""

import re
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from http.cookiejar import Cookie, CookieJar
from ipaddress import ip_address
from itertools import count
from urllib.error import HTTPError

from screening.questionnaire.steps import QUESTIONNAIRE
from tests.served import HANG

_addresses = count(int(ip_address("198.18.0.1")))
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass
class Page:
    status: int
    address: str
    text: str

    @property
    def reference(self) -> str:
        """The first reference of an inquiry on it."""
        return re.search(r"CRC-\w{4}-\w{2}", self.text)[0]


def from_elsewhere() -> dict[str, str]:
    """A header with a client address that nobody else in this process has."""
    return {"X-Forwarded-For": str(ip_address(next(_addresses)))}


@dataclass
class Visitor:
    """By default of an address of its own, for sites that believe it, so that visitors share no rate limit."""

    site: str
    cookies: CookieJar = field(default_factory=CookieJar)
    headers: dict[str, str] = field(default_factory=from_elsewhere)

    def __post_init__(self) -> None:
        cookies = urllib.request.HTTPCookieProcessor(self.cookies)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        opener.addheaders += self.headers.items()
        self._open = opener.open

    def keep(self, name: str, value: str) -> None:
        """Have a cookie of the site."""
        host = urllib.parse.urlsplit(self.site).hostname
        of_the_session = (None, True, None, None, {})
        self.cookies.set_cookie(
            Cookie(0, name, value, None, False, host, False, False, "/", True, False, *of_the_session)
        )

    def get(self, path: str) -> Page:
        return self._fetch(urllib.request.Request(self.site + path))

    def post(self, path: str, data: dict, form: str | None = None) -> Page:
        """Post the form shown on ``form`` (default: the same path), with its token."""
        return self._post(path, self.token(form or path), data)

    def _post(self, path: str, token: str, data: dict) -> Page:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": token} | data, doseq=True)
        return self._fetch(urllib.request.Request(self.site + path, body.encode(), {"Origin": self.site}))

    def token(self, path: str) -> str:
        """The CSRF token of a page's form, or empty."""
        return self.token_of(self.get(path))

    def token_of(self, page: Page) -> str:
        found = _TOKEN.search(page.text)
        return found[1] if found else ""

    def answer_everything(self, answers: dict) -> None:
        """Answer page after page up to the check page."""
        page = self.get("/candidacy/consent/")
        while (path := urllib.parse.urlsplit(page.address).path) != "/candidacy/check/":
            step = QUESTIONNAIRE.step(path.split("/")[2])
            keys = [question.key for question in step.questions if question.key in answers]
            page = self._post(path, self.token_of(page), {key: answers[key] for key in keys})
            assert page.status == 200, page.text

    def link(self, path: str) -> str:
        """Return the URL of the confirmation page's link that begins with ``path``."""
        return self.site + re.search(rf'href="({path}[^"]+)"', self.get("/candidacy/sent/").text)[1]

    def send(self) -> Page:
        """Press Send, again while the site answers that it is too soon after the start."""
        while (page := self.post("/candidacy/check/", {})).status == 422:
            time.sleep(0.5)
        return page

    def _fetch(self, request) -> Page:
        try:
            with self._open(request, timeout=HANG) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except HTTPError as error:
            return Page(error.code, error.url, error.read().decode())
