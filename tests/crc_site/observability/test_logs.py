import io
import json
import logging
import os
import smtplib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client

from crc_site.observability import logs
from tests.crc_site.failing_views import ANSWER
from tests.crc_site.start_process import python
from tests.served import wait_for

pytestmark = pytest.mark.urls("tests.crc_site.failing_views")

SPEAKERS = ["crc", "django", "gunicorn.error", ""]


@pytest.fixture
def lines(capfd):
    """Return a function that returns everything logged in the test, as dicts in chronological order."""
    written = io.StringIO()
    answered: list[str] = []  # request lines go directly to standard error

    def read() -> list[dict]:
        output = capfd.readouterr().err.splitlines()
        answered.extend(line for line in output if '"logger": "crc.requests"' in line)
        return sorted(map(json.loads, [*written.getvalue().splitlines(), *answered]), key=lambda line: line["time"])

    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonLine())
    for name in SPEAKERS:
        logging.getLogger(name).addHandler(handler)
    yield read
    for name in SPEAKERS:
        logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def requests_in(found: list[dict]) -> list[dict]:
    return [line for line in found if line["logger"] == "crc.requests"]


def test_a_request_leaves_one_line_with_these_fields_and_no_other(visitor, lines):
    visitor.get("/guides/")
    (line,) = requests_in(lines())
    assert line.keys() == {"time", "level", "logger", "event", "request_id", "method", "route", "status", "ms"}
    assert (line["event"], line["method"], line["route"], line["status"]) == ("request", "GET", "guides", 200)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/guides/who-might-be-a-candidate/", "guide"),
        ("/about/medical-team/", "page"),
        ("/guides/my-name-is-ana/", "-"),
        ("/candidacy/my-name-is-ana/", "step"),
        ("/guides/?e-mail=ana@clinic.example", "guides"),
        ("/fails/fault/?e-mail=ana@clinic.example", "fails"),
        ("/healthz?e-mail=ana@clinic.example", "-"),
    ],
)
def test_a_request_is_named_by_its_route_and_never_by_path_or_query(visitor, lines, path, route):
    visitor.get(path, headers={"referer": "https://elsewhere.example/ana", "user-agent": "Ana's telephone"})
    (line,) = requests_in(lines())
    assert line["route"] == route
    for quoted in ("ana", "Ana", "who-might", "medical-team", "127.0.0.1"):
        assert quoted not in json.dumps(lines())


def test_an_invented_method_is_not_quoted(visitor, lines):
    visitor.generic("ANA-HAS-RA", "/guides/")
    (line,) = requests_in(lines())
    assert line["method"] == "other"
    assert "ANA-HAS-RA" not in json.dumps(lines())


@pytest.mark.parametrize("name", ["fault", "suspicious", "forbidden", "database-away"])
def test_an_error_is_its_class_and_place_without_its_message(visitor, lines, name):
    visitor.get(f"/fails/{name}/")
    assert ANSWER not in json.dumps(lines())
    if name == "fault":
        (line,) = [line for line in lines() if line["logger"] == "django.request"]
        assert line["error"].startswith("ValueError at tests/crc_site/failing_views.py:")


def test_a_bad_host_is_not_quoted(visitor, lines):
    visitor.get("/", headers={"host": "ana-has-ra.example"})
    assert [line["status"] for line in requests_in(lines())] == [400]
    assert "ana-has-ra" not in json.dumps(lines())


def test_lines_of_one_request_share_an_id_and_requests_do_not(visitor, lines):
    visitor.get("/fails/fault/")
    first = {line["request_id"] for line in lines()}
    visitor.get("/guides/")
    assert len(first) == 1
    assert lines()[-1]["request_id"] not in first


@pytest.mark.parametrize(
    ("logger", "message", "arguments", "event"),
    [
        ("crc.worker", "letter sent", (), "letter sent"),
        ("django.request", "Not Found: %s", ("/ana",), "Not Found: %s"),
        ("gunicorn.error", "Error handling request %s", ("/ana?e-mail=x",), "Error handling request %s"),
        ("gunicorn.error", "Invalid request from ip=192.0.2.1: 'GET /ana'", (), None),
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'ana'", (), None),
        ("smtplib", "to ana@clinic.example", (), None),
        ("smtplib", "to %s", ("ana@clinic.example",), None),
        ("django.template", ValueError("ana"), (), None),
        ("django.request", "%s: %s", ("Not Found", "/ana"), None),
        ("gunicorn.error", "Can't connect to %s", ("127.0.0.1:80",), "Can't connect to 127.0.0.1:80"),
    ],
)
def test_only_a_constant_template_is_an_event(logger, message, arguments, event):
    record = logging.LogRecord(logger, logging.ERROR, "/somewhere/module.py", 7, message, arguments, None)
    line = json.loads(logs.JsonLine().format(record))
    assert line["event"] == (event or "module:7")
    assert "ana" not in json.dumps(line)
    assert "192.0.2.1" not in json.dumps(line)


def test_a_field_that_is_not_allowed_is_dropped():
    record = logging.LogRecord("crc.worker", logging.INFO, "worker.py", 7, "letter sent", (), None)
    record.letter, record.address, record.stack_info = "received", "ana@clinic.example", "stack with ana"
    line = json.loads(logs.JsonLine().format(record))
    assert line["letter"] == "received"
    assert "ana" not in json.dumps(line)


def test_an_error_that_began_in_a_library_is_placed_where_we_called_it():
    try:
        json.loads("{ana")
    except ValueError as error:
        assert logs.error_location(error).startswith("JSONDecodeError at tests/crc_site/observability/test_logs.py:")


def test_an_error_that_was_never_raised_has_no_place():
    assert logs.error_location(KeyError("ana")) == "KeyError at unknown"


def logged(error: Exception) -> dict:
    record = logging.LogRecord("crc.worker", logging.ERROR, "worker.py", 7, "failed", (), (type(error), error, None))
    line = json.loads(logs.JsonLine().format(record))
    assert "ana" not in json.dumps(line)
    assert line["pid"] == os.getpid()
    return line


def test_an_error_of_the_system_has_its_name(tmp_path):
    with pytest.raises(OSError, match="ana") as caught:
        (tmp_path / "ana" / "file").open()
    assert logged(caught.value)["errno"] == "ENOENT"


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPDataError(554, b"no mail of ana"),
        smtplib.SMTPAuthenticationError(554, b"no ana here"),
        smtplib.SMTPRecipientsRefused({"ana@clinic.example": (554, b"who is ana")}),
    ],
)
def test_a_refusal_of_the_mail_server_has_its_code(error):
    line = logged(error)
    assert line["smtp"] == 554
    assert "errno" not in line


@pytest.mark.django_db
def test_an_error_of_the_database_has_its_code():
    with pytest.raises(ProgrammingError if connection.vendor == "postgresql" else OperationalError) as caught:
        connection.cursor().execute("SELECT ana FROM ana")
    line = logged(caught.value)
    assert (line.get("sqlstate"), line.get("sqlite")) in (("42P01", None), (None, "SQLITE_ERROR"))


def test_a_response_with_an_error_has_its_status(visitor, lines):
    visitor.get("/fails/fault/")
    (line,) = [line for line in lines() if line["logger"] == "django.request"]
    assert line["status"] == 500
    assert "%s: %s" not in line["event"]


def test_nobody_mails_a_request_to_administrators(settings):
    handlers = {handler["class"] for handler in settings.LOGGING["handlers"].values()}
    assert handlers == {"logging.StreamHandler"}
    assert settings.ADMINS == []


def test_what_is_logged_between_requests_belongs_to_none(visitor, lines):
    visitor.get("/guides/")
    logging.getLogger("crc.worker").info("waiting")
    (line,) = [line for line in lines() if line["event"] == "waiting"]
    assert "request_id" not in line


def test_lines_that_a_process_gathers_are_all_written_whole_and_once(capfd, monkeypatch):
    monkeypatch.setattr(logs, "_emit", logs._emit)  # so that monkeypatch restores it
    logs.buffer_request_lines()
    with ThreadPoolExecutor(4) as threads:
        for number in range(200):
            threads.submit(logs.request_line, "GET", f"route-{number}", 200, 0.0)
    output = ""

    def written() -> list[str]:
        nonlocal output
        output += capfd.readouterr().err
        return output.splitlines()

    assert wait_for(lambda: len(written()) == 200)
    assert sorted(json.loads(line)["route"] for line in output.splitlines()) == sorted(f"route-{n}" for n in range(200))


@pytest.mark.slow
def test_lines_that_still_wait_are_written_when_the_process_ends():
    setup = "import django; django.setup(); from crc_site.observability import logs"
    program = "logs.buffer_request_lines(); logs.request_line('GET', 'last', 200, 0.0)"
    (line,) = python("-c", f"{setup}; {program}").stderr.splitlines()
    assert json.loads(line)["route"] == "last"
