"""Walkers with a client address each."""

import sqlite3
from contextlib import closing

import pytest

from tests import engines, visitor
from tests.inside import Inside
from tests.journeys.input_methods import SMALL_PHONE, Keyboard, Mouse, Touch
from tests.journeys.lynx import Lynx
from tests.journeys.person import Somebody
from tests.served import HANG
from tests.visitor import Visitor

IN_CHROMIUM = {
    "mouse": (Mouse, {}),
    "keyboard": (Keyboard, {}),
    "touch": (Touch, SMALL_PHONE),
    "no-script": (Mouse, {"java_script_enabled": False}),
}


@pytest.fixture(scope="module")
def started(request, tmp_path_factory):
    """A browser engine by its name; starting one takes seconds, so the tests of a module share it."""
    name = request.param
    if name == "chromium":
        yield engines.Chromium(request.getfixturevalue("browser"))
        return
    with getattr(engines, name)(tmp_path_factory.mktemp(name)) as engine:
        yield engine


@pytest.fixture
def engine(started, site):
    """The engine as a new visitor has it, on a wide screen."""
    started.open(f"{site.address}/healthz")
    started.forget()
    started.resize(1280, 800)
    return started


@pytest.fixture(scope="session")
def process(site):
    """A process inside the site."""
    with closing(Inside(site.environment)) as process:
        yield process


@pytest.fixture
def database(site):
    """A connection to the site's database, in autocommit mode."""
    with closing(sqlite3.connect(site.folder / "db.sqlite3", timeout=HANG, isolation_level=None)) as database:
        yield database


@pytest.fixture
def way() -> str:
    return "mouse"


@pytest.fixture
def from_elsewhere() -> dict[str, str]:
    """A header with a client address unique to this test."""
    return visitor.from_elsewhere()


@pytest.fixture
def browser_context_args(browser_context_args, way, from_elsewhere) -> dict:
    return browser_context_args | IN_CHROMIUM[way][1] | {"extra_http_headers": from_elsewhere}


@pytest.fixture
def walker(request, way):
    """A walker that uses the test's input method."""
    if way != "text-browser":
        yield IN_CHROMIUM[way][0](request.getfixturevalue("watched"))
        return
    lynx = Lynx(request.getfixturevalue("tmp_path"))
    yield lynx
    lynx.close()


@pytest.fixture
def somebody(site, database, watched, from_elsewhere, process):
    return Somebody(site, database, watched, Visitor(site.address, headers=from_elsewhere), process)
