"""JSON log lines from an allow-list: other fields, and data in libraries' messages, are not logged."""

import atexit
import errno
import json
import logging
import os
import re
import secrets
import smtplib
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.http import HttpRequest, HttpResponse

# The only extra fields that are logged. None can contain user input.
ALLOWED_FIELDS = ("method", "route", "status", "ms", "reference", "letter", "task", "tries", "count")

# gunicorn's messages about the address of its socket, which are logged with it.
_FILLED_TEMPLATES = ("Can't connect to %s", "Connection in use: %s", "Invalid address: %s")

# Called with route, status and seconds of each response, if set.
on_request: Callable[[str, int, float], None] | None = None

_STANDARD_ERROR = 2
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_log = logging.getLogger("crc.requests")
_project = str(Path(__file__).resolve().parents[2])
_has_words = re.compile(r"(?<!%)[A-Za-z]{2,}").search


def error_location(error: BaseException) -> str:
    """The error's class, file below the project, and line; never its message, which may quote an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_project) and "/.venv/" not in frame.filename]
    places = ours or list(frames)
    if not places:
        return f"{type(error).__name__} at unknown"
    path = Path(places[-1].filename)
    name = path.relative_to(_project) if ours else path.name
    return f"{type(error).__name__} at {name}:{places[-1].lineno}"


def error_codes(error: BaseException) -> dict[str, str | int]:
    """The codes by which an error is looked up, of the error or of the one that caused it."""
    codes: dict[str, str | int] = {}
    cause: BaseException | None = error
    while cause is not None:
        codes = _own_codes(cause) | codes
        cause = cause.__cause__
    return codes


def _own_codes(error: BaseException) -> dict[str, str | int]:
    found: dict[str, str | int | None] = {
        "errno": errno.errorcode.get(error.errno or 0) if isinstance(error, OSError) else None,
        "sqlstate": getattr(error, "sqlstate", None),  # PostgreSQL
        "sqlite": getattr(error, "sqlite_errorname", None),
        "smtp": getattr(error, "smtp_code", None),
    }
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        found["smtp"] = max((code for code, _reply in error.recipients.values()), default=None)
    return {name: code for name, code in found.items() if code}


class JsonLine(logging.Formatter):
    """One JSON object per line. Libraries' messages are logged as templates, without arguments."""

    def format(self, record: logging.LogRecord) -> str:
        line = _base_fields(record.levelname.lower(), record.name, self._event(record))
        line["pid"] = record.process
        line.update({name: record.__dict__[name] for name in ALLOWED_FIELDS if name in record.__dict__})
        if isinstance(status := record.__dict__.get("status_code"), int):  # Django's own name
            line["status"] = status
        if record.exc_info and record.exc_info[1]:
            line["error"] = error_location(record.exc_info[1])
            line.update(error_codes(record.exc_info[1]))
        return json.dumps(line)

    @staticmethod
    def _event(record: logging.LogRecord) -> str:
        """The message of our own loggers, or a library's template if it has words; otherwise module and line.

        Without arguments it may contain input: Django logs a bad Host and gunicorn a bad request line that way.
        """
        package = record.name.partition(".")[0]
        is_constant = package == "crc" or (package in {"django", "gunicorn"} and record.args)
        if not is_constant or not isinstance(record.msg, str) or not _has_words(record.msg):
            return f"{record.module}:{record.lineno}"
        return record.getMessage() if record.msg in _FILLED_TEMPLATES else record.msg


def _base_fields(level: str, logger: str, event: str) -> dict:
    line = {"time": _now(), "level": level, "logger": logger, "event": event}
    return line | ({"request_id": _request_id.get()} if _request_id.get() else {})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one line per request, and a request id in all its lines."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _request_id.set(secrets.token_hex(8))
        started = time.perf_counter()
        try:
            response = get_response(request)
            match = request.resolver_match
            request_line(request.method or "", (match and match.view_name) or "-", response.status_code, started)
            return response
        finally:
            _request_id.reset(token)

    return middleware


def request_line(method: str, route: str, status: int, started: float) -> None:
    """Log and count a response with the route's name instead of the path; ``started`` is a time.perf_counter()."""
    if _log.isEnabledFor(logging.INFO):
        seconds = time.perf_counter() - started
        if on_request is not None:
            on_request(route, status, seconds)
        id_ = f'"request_id": "{_request_id.get()}", ' if _request_id.get() else ""
        method = method if method in {"GET", "HEAD", "POST"} else "other"  # not cached or logged as sent
        _emit(f'{{"time": "{_now()}", {id_}{_request_fields(method, route, status)}, "ms": {round(seconds * 1000)}}}\n')


@lru_cache(maxsize=512)
def _request_fields(method: str, route: str, status: int) -> str:
    """The part of a request line that repeats, as JSON without braces."""
    line = {
        "level": "info",
        "logger": _log.name,
        "event": "request",
        "method": method,
        "route": route,
        "status": status,
    }
    return json.dumps(line)[1:-1]


def _write(lines: str) -> None:
    """Write to standard error in one call, without the handlers' lock, which would make threads wait."""
    with suppress(OSError):  # a full disk or a closed pipe must not fail the request
        os.write(_STANDARD_ERROR, lines.encode())


class _BufferedWriter:
    """Writes lines in batches from its own thread, so that responses do not wait for each other's writes.

    Buffered lines are written at exit; a killed process loses those of the last INTERVAL.
    """

    INTERVAL = 0.05  # seconds
    BATCH = 16  # lines; fewer bytes than a pipe writes atomically (PIPE_BUF), as other processes write too

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._has_lines = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        atexit.register(self._write_all)

    def put(self, line: str) -> None:
        self._lines.append(line)
        if not self._has_lines.is_set():
            self._has_lines.set()

    def _run(self) -> None:
        while self._has_lines.wait():
            time.sleep(self.INTERVAL)
            self._has_lines.clear()  # before writing, so that a line added meanwhile sets it again
            self._write_all()

    def _write_all(self) -> None:
        while lines := "".join(islice(self._pop_lines(), self.BATCH)):
            _write(lines)

    def _pop_lines(self) -> Iterator[str]:
        """Pop every buffered line; safe while the thread and the exit handler both run."""
        with suppress(IndexError):
            while True:
                yield self._lines.popleft()


_emit: Callable[[str], None] = _write


def buffer_request_lines() -> None:
    """Buffer request lines in this process from now on."""
    global _emit
    _emit = _BufferedWriter().put


_JSON_LOGGER = {"handlers": ["lines"], "level": "INFO", "propagate": False}

# Write errors are not reported: the report could not be written either.
logging.raiseExceptions = False

CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "crc_site.observability.logs.JsonLine"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "crc": _JSON_LOGGER,
        "django": _JSON_LOGGER,
        # runserver's line contains path and query
        "django.server": {"handlers": [], "propagate": False, "level": "CRITICAL"},
        "gunicorn.error": _JSON_LOGGER,
        # it logs user names; screening.accounts.lockout logs lockouts
        "axes": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    },
}
