"""JSON lines from an allow-list: what is not named here is not logged, whatever a library tries to say."""

import atexit
import json
import logging
import os
import secrets
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

# The only extra fields a record may carry. None of them can hold what a person typed.
ALLOWED_FIELDS = ("method", "route", "status", "ms", "reference", "letter", "tries", "count")

_STANDARD_ERROR = 2
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_log = logging.getLogger("crc.requests")
_project = str(Path(__file__).resolve().parents[2])


def error_location(error: BaseException) -> str:
    """The error's class and the place it came from; never its message, which may quote an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_project) and "/.venv/" not in frame.filename]
    places = ours or list(frames)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "unknown"
    return f"{type(error).__name__} at {where}"


class JsonLine(logging.Formatter):
    """One JSON object a line. Messages of other libraries are kept as their template, without its arguments."""

    def format(self, record: logging.LogRecord) -> str:
        line = _base_fields(record.levelname.lower(), record.name, self._event(record))
        line.update({name: record.__dict__[name] for name in ALLOWED_FIELDS if name in record.__dict__})
        if record.exc_info and record.exc_info[1]:
            line["error"] = error_location(record.exc_info[1])
        return json.dumps(line)

    @staticmethod
    def _event(record: logging.LogRecord) -> str:
        """Our own messages are constant; another's is a template only if it came with arguments to fill it.

        Without arguments it may be filled already: Django logs a bad Host and gunicorn a bad request line that way.
        """
        speaker = record.name.partition(".")[0]
        is_constant = speaker == "crc" or (speaker in {"django", "gunicorn"} and record.args)
        return record.msg if is_constant and isinstance(record.msg, str) else f"{record.module}:{record.lineno}"


def _base_fields(level: str, logger: str, event: str) -> dict:
    """What every line begins with."""
    line = {"time": _now(), "level": level, "logger": logger, "event": event}
    return line | ({"request_id": _request_id.get()} if _request_id.get() else {})


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def request_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one line a request, and an id in all lines that belong to it."""

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
    """The line of one answer, with the route's name instead of the path; ``started`` is a perf_counter."""
    if _log.isEnabledFor(logging.INFO):
        id_ = f'"request_id": "{_request_id.get()}", ' if _request_id.get() else ""
        method = method if method in {"GET", "HEAD", "POST"} else "other"  # before anything keeps what a visitor chose
        milliseconds = round((time.perf_counter() - started) * 1000)
        _emit(f'{{"time": "{_now()}", {id_}{_request_fields(method, route, status)}, "ms": {milliseconds}}}\n')


@lru_cache(maxsize=512)
def _request_fields(method: str, route: str, status: int) -> str:
    """What lines of answers have in common, made once."""
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
    """In one write, without the handlers' lock, for which threads would queue."""
    with suppress(OSError):  # a full disk, or nobody who reads: a line in the log is never worth an answer
        os.write(_STANDARD_ERROR, lines.encode())


class _BufferedWriter:
    """Lines that a thread of its own writes a few at a time: answers do not wait for each other at every one's write.

    What is not written when the process ends is written then; a process that is killed loses a moment's lines.
    """

    FOR = 0.05  # seconds
    AT_ONCE = 16  # lines; so many fit into what a pipe takes in one piece, where other processes write as well

    def __init__(self) -> None:
        self._lines: deque[str] = deque()
        self._are_there = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        atexit.register(self._write_all)

    def put(self, line: str) -> None:
        self._lines.append(line)
        if not self._are_there.is_set():
            self._are_there.set()

    def _run(self) -> None:
        while self._are_there.wait():
            time.sleep(self.FOR)
            self._are_there.clear()  # first, so that a line that comes meanwhile is noticed again
            self._write_all()

    def _write_all(self) -> None:
        while lines := "".join(islice(self._taken(), self.AT_ONCE)):
            _write(lines)

    def _taken(self) -> Iterator[str]:
        """Every line that waits, each once, even while the end of the process and the thread both take them."""
        with suppress(IndexError):
            while True:
                yield self._lines.popleft()


_emit: Callable[[str], None] = _write


def buffer_request_lines() -> None:
    """From now on, in this process, lines of answers are written up to FOR later, several at once."""
    global _emit
    _emit = _BufferedWriter().put


_JSON_LOGGER = {"handlers": ["lines"], "level": "INFO", "propagate": False}

# What cannot be written is not reported either, which would write again.
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
        # runserver's own line would repeat the path and the query
        "django.server": {"handlers": [], "propagate": False, "level": "CRITICAL"},
        "gunicorn.error": _JSON_LOGGER,
        # it would name who failed to sign in; `pauses` tells what is worth telling
        "axes": {"handlers": [], "propagate": False, "level": "CRITICAL"},
    },
}
