"""A step and Send compared with a bare Django view that commits one row: same gunicorn, same database, same run."""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.baseline import ALIKE, yardstick
from tests.bench.load import lines_per_second
from tests.bench.paced_load import p95
from tests.drills.client import TOKEN, Answer, ask
from tests.drills.inside_site import finished_drafts
from tests.inside import inside
from tests.report import Result
from tests.served import Served, database_in, serve

ROUNDS, LETTER_ROUNDS = 5, 3
ENOUGH = 4000  # people per round: more than the Sends of one round
SEND_TARGET, PACE_TARGET = 0.4, 3.0
STEP, CHECK = "/candidacy/goals/", "/candidacy/check/"
GOALS = {"goals": "less-pain"}


def measure() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        site = serve(folder, **ALIKE, DATABASE_URL=database_in(folder), TRUSTED_PROXIES="127.0.0.1")
        try:
            with yardstick("tests.bench.one_row.wsgi:application", site.environment) as bare:
                # Stop the worker: sending letters would slow down both measurements unevenly.
                site.worker.terminate()
                site.worker.wait()
                yield throughput(site, bare, folder / "lines")
                site.start_worker()
                yield with_letters(site, folder / "lines")
                yield from pace(site, bare)
        finally:
            site.stop()


def throughput(site: Served, bare: str, lines: Path) -> Result:
    """Requests per second, alternating."""
    rounds = []
    for number in range(1, ROUNDS + 1):
        people = people_of(site, number)
        rates = [
            rate(bare, lines, people, "POST", "/", 200),
            rate(site.address, lines, people, "GET", STEP, 200),
            rate(site.address, lines, people, "POST", STEP, 302, "&goals=less-pain"),
            rate(site.address, lines, people, "POST", CHECK, 302),
        ]
        rounds.append(rates)
        figures = "".join(f"{figure:>8.0f}" for figure in rates)
        sys.stderr.write(f"questionnaire, round {number}: one row, step GET, step POST, Send: {figures} a second\n")
    ratio = statistics.median(rates[-1] / rates[0] for rates in rounds)
    figure = f"{ratio:.2f}, {statistics.median(rates[-1] for rates in rounds):.0f} a second"
    # On PostgreSQL a row takes less than a millisecond, mostly Django's: no target (docs/performance.md).
    target = f"≥ {SEND_TARGET}" if site.environment["DATABASE_URL"].startswith("sqlite") else ""
    return Result("Send to one committed row", target, figure, not target or ratio >= SEND_TARGET)


def with_letters(site: Served, lines: Path) -> Result:
    """Sends per second while the worker sends letters."""
    rates = [
        rate(site.address, lines, people_of(site, ROUNDS + number), "POST", CHECK, 302)
        for number in range(1, LETTER_ROUNDS + 1)
    ]
    return Result("Send while letters go out", "", f"{statistics.median(rates):.0f} a second", is_met=True)


def people_of(site: Served, number: int) -> list[dict]:
    """Create the finished drafts of one round."""
    return inside(site.environment, finished_drafts, ENOUGH, number * ENOUGH)


def rate(address: str, lines: Path, people: list[dict], method: str, path: str, status: int, fields: str = "") -> float:
    write_lines(lines, people, method, path, fields)
    return lines_per_second(address, lines, status)


def write_lines(lines: Path, people: list[dict], method: str, path: str, fields: str) -> None:
    """Write one request per person, each from its own address."""
    with lines.open("w") as file:
        for person in people:
            client = ".".join(str(part) for part in person["person"].to_bytes(3))
            cookie = f"csrf={TOKEN}; draft={person['draft']}"
            body = f"csrfmiddlewaretoken={TOKEN}{fields}" if method == "POST" else ""
            file.write(f"{method}\t{path}\t10.{client}\t{cookie}\t{body}\n")


def pace(site: Served, bare: str) -> Iterator[Result]:
    """The 95th percentile of response times, with each client at one request a second."""
    people = inside(site.environment, finished_drafts, 20, (ROUNDS + LETTER_ROUNDS + 1) * ENOUGH)

    def seconds(port: int, method: str, path: str, fields: dict | None, status: int):
        def once(client: int) -> float:
            answer: Answer = ask(
                port, method, path, fields, **{name: people[client][name] for name in ("person", "draft")}
            )
            if answer.status != status:
                sys.exit(f"{method} {path} was answered with {answer.status}")
            return answer.seconds

        return once

    row, get, post = p95(
        [
            seconds(urlsplit(bare).port, "POST", "/", {}, 200),
            seconds(site.port, "GET", STEP, None, 200),
            seconds(site.port, "POST", STEP, GOALS, 302),
        ]
    )
    for method, step in (("GET", get), ("POST", post)):
        yield Result(
            f"step {method}, 95th percentile to one row's",
            f"≤ {PACE_TARGET}",
            f"{step / row:.2f}, {step * 1000:.1f} ms",
            step <= PACE_TARGET * row,
        )
