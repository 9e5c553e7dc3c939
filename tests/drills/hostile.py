"""Thousands of hostile requests over raw sockets: no server error, and constant memory."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path

from tests.drills import inside_site
from tests.drills.client import address_of
from tests.drills.environment import Ground
from tests.drills.hostile_requests import Request, requests
from tests.drills.size import Size
from tests.report import Result

FLAT = 10  # per cent of memory growth allowed after the first fifth
ADDRESSES = 200  # of clients, so that rate limits do not interfere
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


def hostile_input(ground: Ground, size: Size) -> Iterator[Result]:
    """Memory is compared with its value after the first fifth, when every kind of request has been sent."""
    people = ground.inside(inside_site.finished_drafts, size.hostile // 20, ground.next_person(size.hostile // 20))
    made = list(islice(requests([one["draft"] for one in people], size.words), size.hostile))
    processes = set(ground.site.web_children())
    fifth = len(made) // 5
    statuses = send(ground, made[:fifth])
    warm = memory(processes)
    statuses += send(ground, made[fifth:])
    growth = 100 * (memory(processes) / warm - 1)
    failed = [request for request, status in zip(made, statuses, strict=True) if status >= 500 or not status]
    yield Result(
        "Hostile requests over raw sockets",
        f"0 × 5xx of ≥ {size.hostile}",
        f"{len(failed)} of {len(made)}" + "".join(f", {request.line[:60]!r}" for request in failed[:3]),
        not failed and len(made) >= size.hostile and processes == set(ground.site.web_children()),
    )
    yield Result(
        "Hostile requests: memory of the processes",
        f"grows ≤ {FLAT} %",
        f"{warm / 1024:.0f} MB, then {growth:+.1f} %",
        growth <= FLAT,
        is_timed=True,
    )


def send(ground: Ground, made: list[Request]) -> list[int]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda one: answer_to(ground.site.port, *one), enumerate(made)))


def answer_to(port: int, number: int, request: Request) -> int:
    """The status, or 0 without a response."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), 20, (address_of(number % ADDRESSES), 0)) as wire:
        with suppress(OSError):  # the server need not read all of a request that it rejects
            wire.sendall(request.start())
            for _ in range(request.padding // 1_000_000):
                wire.sendall(b"A" * 1_000_000)
        with suppress(OSError):
            while chunk := wire.recv(65536):
                received = (received + chunk)[:100]
    status = _STATUS.match(received)
    return int(status[1]) if status else 0


def memory(processes: set[int]) -> int:
    """Resident memory in kB, of all together."""
    status = [Path(f"/proc/{process}/status").read_text(encoding="utf-8") for process in processes]
    return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in status)


DRILLS = (hostile_input,)
