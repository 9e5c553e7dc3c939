"""A step and the final Send beside a bare Django view that commits one row: same gunicorn, same database, same run."""

import os
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
from tests.drills.environment import inside
from tests.drills.erasure_log import finished_drafts
from tests.report import Result
from tests.served import Served, serve

ROUNDS, LETTER_ROUNDS = 5, 3
ENOUGH = 4000  # people a round: more than Sends fit into its seconds
SEND_TARGET, PACE_TARGET = 0.4, 3.0
STEP, CHECK = "/candidacy/goals/", "/candidacy/check/"
GOALS = {"goals": "less-pain"}


def measure() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3"
        site = serve(folder, **ALIKE, DATABASE_URL=database, TRUSTED_PROXIES="127.0.0.1")
        try:
            with yardstick("tests.bench.one_row.wsgi:application", site.environment) as bare:
                # The letters that Sends owe are another process's rows, which would slow both down, each by its luck.
                site.worker.terminate()
                site.worker.wait()
                yield throughput(site, bare, folder / "lines")
                site.start_worker()
                yield with_letters(site, folder / "lines")
                yield from pace(site, bare)
        finally:
            site.stop()


def throughput(site: Served, bare: str, lines: Path) -> Result:
    """Requests a second, by turns."""
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
        told = "".join(f"{figure:>8.0f}" for figure in rates)
        sys.stderr.write(f"questionnaire, round {number}: one row, step GET, step POST, Send: {told} a second\n")
    ratio = statistics.median(rates[-1] / rates[0] for rates in rounds)
    figure = f"{ratio:.2f}, {statistics.median(rates[-1] for rates in rounds):.0f} a second"
    # Elsewhere a row costs less than a millisecond, most of it Django's: told without a target (docs/performance.md).
    target = f"≥ {SEND_TARGET}" if site.environment["DATABASE_URL"].startswith("sqlite") else ""
    return Result("Send to one committed row", target, figure, not target or ratio >= SEND_TARGET)


def with_letters(site: Served, lines: Path) -> Result:
    """The same Sends while the worker sends letters as fast as it does."""
    rates = [
        rate(site.address, lines, people_of(site, ROUNDS + number), "POST", CHECK, 302)
        for number in range(1, LETTER_ROUNDS + 1)
    ]
    return Result("Send while letters go out", "", f"{statistics.median(rates):.0f} a second", is_met=True)


def people_of(site: Served, number: int) -> list[dict]:
    """Those who are ready to send in one round, and in no other."""
    return inside(site.environment, finished_drafts, ENOUGH, number * ENOUGH)


def rate(address: str, lines: Path, people: list[dict], method: str, path: str, status: int, fields: str = "") -> float:
    write_lines(lines, people, method, path, fields)
    return lines_per_second(address, lines, status)


def write_lines(lines: Path, people: list[dict], method: str, path: str, fields: str) -> None:
    """A request of each person, each from an address of its own."""
    with lines.open("w") as file:
        for person in people:
            client = ".".join(str(part) for part in person["person"].to_bytes(3))
            cookie = f"csrf={TOKEN}; draft={person['draft']}"
            body = f"csrfmiddlewaretoken={TOKEN}{fields}" if method == "POST" else ""
            file.write(f"{method}\t{path}\t10.{client}\t{cookie}\t{body}\n")


def pace(site: Served, bare: str) -> Iterator[Result]:
    """The 95th percentile of one answer, with clients at one step a second each."""
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
