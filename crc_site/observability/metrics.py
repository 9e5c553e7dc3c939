"""Figures for Prometheus: requests by route and status, counted over all of gunicorn's processes.

Each process writes to a file of its own, and whichever answers `/metrics` adds them up. The file is named by the
process's slot, not its pid, so that its successor goes on counting in it, and files do not pile up. This module is
imported only with METRICS, since the library takes memory.
"""

import os
import tempfile
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from prometheus_client import CollectorRegistry, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from crc_site.observability import logs

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds

_slot = "main"
_requests: Histogram | None = None
_collectors: list[Collector] = []


class Process(Protocol):
    """A process of gunicorn."""

    slot: int


def register_collector(collector: Collector) -> None:
    """Add an application's figures, which are read at each request of `/metrics`."""
    _collectors.append(collector)


def begin() -> None:
    """Count requests from now on, in this process and those that it forks."""
    global _requests
    if _FOLDER not in os.environ:  # gunicorn reads its settings again on SIGHUP
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="crc-metrics-")
    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: _slot)
    _requests = Histogram(
        "crc_request_seconds",
        "Requests and how long they took, by the route's name and the status.",
        ["route", "status"],
        buckets=_BUCKETS,
        registry=None,
    )
    logs.on_request = _count_request


def _count_request(route: str, status: int, seconds: float) -> None:
    if _requests is not None:
        _requests.labels(route, str(status)).observe(seconds)


def exposition() -> bytes:
    """Every figure in Prometheus's text format."""
    registry = CollectorRegistry()
    if _requests is not None:
        MultiProcessCollector(registry)
    for collector in _collectors:
        registry.register(collector)
    return generate_latest(registry)


def free_slot(others: list[Any]) -> int:
    """The lowest slot that none of the other processes has."""
    taken = {process.slot for process in others}
    return next(number for number in count() if number not in taken)


def take_slot(process: Process) -> None:
    """In a new process: count in the file of its slot."""
    global _slot
    _slot = str(process.slot)


def end() -> None:
    """In the parent, as it ends: delete the files."""
    folder = Path(os.environ[_FOLDER])
    for file in folder.glob("*.db"):
        file.unlink(missing_ok=True)
    folder.rmdir()
