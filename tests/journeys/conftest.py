"""One site for all journeys, and somebody to walk them: each has a client address of their own."""

import sqlite3
from contextlib import closing
from ipaddress import ip_address
from itertools import count

import pytest

from tests.journeys.input_methods import SMALL_PHONE, Keyboard, Mouse, Touch
from tests.journeys.lynx import Lynx
from tests.journeys.person import Somebody
from tests.served import serve
from tests.visitor import Visitor

IN_CHROMIUM = {
    "mouse": (Mouse, {}),
    "keyboard": (Keyboard, {}),
    "touch": (Touch, SMALL_PHONE),
    "no-script": (Mouse, {"java_script_enabled": False}),
}
_people = count(1)


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """It believes X-Forwarded-For from loopback, so that one hour's limits do not hold up all journeys together."""
    served = serve(tmp_path_factory.mktemp("site"), TRUSTED_PROXIES="127.0.0.1")
    yield served
    served.stop()


@pytest.fixture
def database(site):
    """The site's database, to look at what it keeps and to let time pass; each statement is committed at once."""
    with closing(sqlite3.connect(site.folder / "db.sqlite3", timeout=20, isolation_level=None)) as database:
        yield database


@pytest.fixture
def way() -> str:
    return "mouse"


@pytest.fixture
def from_elsewhere() -> dict[str, str]:
    """The header that gives this test's person an address of their own."""
    return {"X-Forwarded-For": str(ip_address("198.18.0.0") + next(_people))}


@pytest.fixture
def browser_context_args(browser_context_args, way, from_elsewhere) -> dict:
    return browser_context_args | IN_CHROMIUM[way][1] | {"extra_http_headers": from_elsewhere}


@pytest.fixture
def walker(request, way):
    """Somebody who walks in the test's way."""
    if way != "text-browser":
        yield IN_CHROMIUM[way][0](request.getfixturevalue("watched"))
        return
    lynx = Lynx(request.getfixturevalue("tmp_path"))
    yield lynx
    lynx.close()


@pytest.fixture
def somebody(site, database, watched, from_elsewhere):
    return Somebody(site, database, watched, Visitor(site.address, headers=from_elsewhere))
