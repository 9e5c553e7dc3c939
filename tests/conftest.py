"""Fixtures shared by all tests; the test summary names what could not run."""

import os
import shutil
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.template import Template
from django.test import override_settings
from playwright.sync_api import expect
from xdist.scheduler import LoadScopeScheduling

from screening.inquiries.services import submission
from tests import engines, examples  # noqa: F401 (sets how patiently hypothesis tries)
from tests.builders import draft_cookie
from tests.served import HANG, manage, serve

_FOLDERS = f"{os.environ['PATH']}:/usr/sbin"  # not every PATH includes the folder of servers
# The headless shell is the same engine without a window and takes two thirds of the time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")

# Programs that some tests need: marker, path, and the message if it is missing.
PROGRAMS = {
    "browser": (CHROMIUM, "the browser tests, for want of Chromium (Debian: chromium-headless-shell or chromium)"),
    "text_browser": (shutil.which("lynx"), "the journeys in a text browser, for want of Lynx (Debian: lynx)"),
    "firefox": (not engines.MISSING["firefox"], f"the journeys in Firefox, for want of {engines.MISSING['firefox']}"),
    "webkit": (not engines.MISSING["webkit"], f"the journeys in WebKit, for want of {engines.MISSING['webkit']}"),
    "age": (shutil.which("age"), "the test of backups with the program age (Debian: age)"),
    "prometheus": (
        shutil.which("promtool"),
        "the tests of alerts, for want of Prometheus (Debian: prometheus)",
    ),
    "nginx": (shutil.which("nginx", path=_FOLDERS), "the tests behind a web server, for want of nginx (Debian: nginx)"),
}
WITH_A_SITE_OF_THEIR_OWN = {
    "tests/accounts/test_passkeys_in_chromium.py",
    "tests/crc_site/test_metrics_page.py",
    "tests/journeys/test_consultation.py",
    "tests/test_nginx.py",
}
RENDER_TEMPLATE = Template._render
expect.set_options(timeout=1000 * HANG)
MISSING = {marker: message for marker, (program, message) in PROGRAMS.items() if not program}


def pytest_configure(config) -> None:
    """Collect static files once, before the test processes start, if real servers are to serve them."""
    is_controller = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if is_controller and "not server" not in config.option.markexpr:
        manage(os.environ, "collectstatic", "--noinput", "--verbosity", "0")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items) -> None:
    """Order the tests, and skip those whose program is missing. On PostgreSQL, run only tests that depend on it.

    Playwright's event loop stays in the process, and Django refuses database calls inside one, so browser tests run
    after the tests that use the database directly.
    """
    items.sort(key=_turn)
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        config.hook.pytest_deselected(items=[item for item in items if not depends_on_the_database(item)])
        items[:] = [item for item in items if depends_on_the_database(item)]
    for item in items:
        for marker, message in MISSING.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=message))


def _turn(item) -> tuple[int, bool]:
    """Of each kind the files that one process runs first, since they take longest."""
    kind = 1 if "browser_name" in item.fixturenames else 2 * (not asks_the_database(item))
    return kind, _file_of(item.nodeid) not in WITH_A_SITE_OF_THEIR_OWN


def _file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


class Dealing(LoadScopeScheduling):
    """Deals out the tests one by one, but those of a file with a site of its own to one of the parallel processes.

    xdist's groups have no effect with pytest 9.2, which no longer reads the id that they change.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = _file_of(nodeid)
        return file if file in WITH_A_SITE_OF_THEIR_OWN else nodeid


def pytest_xdist_make_scheduler(config, log) -> Dealing:
    return Dealing(config, log)


def asks_the_database(item) -> bool:
    return bool(item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))


def depends_on_the_database(item) -> bool:
    return asks_the_database(item) and not item.get_closest_marker("any_database")


def pytest_terminal_summary(terminalreporter) -> None:
    for message in MISSING.values():
        terminalreporter.write_line(f"Not run: {message}.", red=True)


def pytest_sessionfinish(session, exitstatus) -> None:
    if MISSING and os.environ.get("CI") == "true" and session.exitstatus == 0:
        session.exitstatus = 1


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update"]
    return browser_type_launch_args | {
        "executable_path": CHROMIUM,
        "args": [*quiet, "--disable-background-networking", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args) -> dict:
    """Less motion, which is drawn frame by frame; motion has its own tests, and the journeys of the engines have it."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture
def context(context):
    """Playwright's usual limit, 30 seconds, would make results depend on the machine's speed."""
    context.set_default_timeout(1000 * HANG)
    return context


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The whole site in separate processes, as in production, shared by all tests that can share one.

    It trusts X-Forwarded-For from loopback, so that people who name an address do not share a rate limit.
    """
    served = serve(tmp_path_factory.mktemp("site"), TRUSTED_PROXIES="127.0.0.1")
    yield served
    served.stop()


@pytest.fixture
def refusals() -> tuple[int, ...]:
    """Expected error statuses, which the browser's console reports."""
    return (404, 422)


@pytest.fixture
def watched(page, refusals):
    """A page that fails the test on foreign requests, script errors, or policy violations."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda sent: None if "127.0.0.1" in sent.url else complaints.append(sent.url))
    yield page
    expected = [f"the server responded with a status of {status}" for status in refusals]
    expected.append("Transition was aborted")  # from a page of the questionnaire to one without transitions
    assert [text for text in complaints if not any(answer in text for answer in expected)] == []


@pytest.fixture(scope="session", autouse=True)
def plain_templates(django_test_environment) -> None:
    """Render as in production: Django's test client would copy the context of each included template."""
    Template._render = RENDER_TEMPLATE


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix) -> None:
    """Use SQLite in a file, as in production: an in-memory database locks differently."""
    database = connections["default"].settings_dict
    if database["ENGINE"] == "crc_site.sqlite":
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def staff(db):
    """A superuser."""
    return get_user_model().objects.create_superuser("nurse")


@pytest.fixture
def desk(client, staff):
    """A client signed in as the superuser."""
    client.force_login(staff)
    return client


@pytest.fixture
def with_draft(client, settings):
    """A function that gives a client a draft's cookie."""

    def give(draft, visitor=client):
        visitor.cookies[settings.DRAFT_COOKIE_NAME] = draft_cookie(draft)
        return visitor

    return give


@pytest.fixture
def mailbox(settings, tmp_path) -> Path:
    """The folder of this test's mail, written by Django's file backend."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


@pytest.fixture(scope="session", autouse=True)
def settings_of_all_tests(django_test_environment, tmp_path_factory):
    """Fast password hashing, and static files without hashed names; real servers test both as in production."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
    ):
        yield


@pytest.fixture(autouse=True)
def no_known_wordings(monkeypatch) -> None:
    """Clear the process's cache of stored wording versions, since each test's database begins empty."""
    monkeypatch.setattr(submission, "_known_versions", set())
