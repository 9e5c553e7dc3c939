"""A step and the final Send beside a bare Django view that commits one row: same gunicorn, same database, same run."""

import os
import statistics
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import django

import tests.environment  # noqa: F401 (sets what the settings need)

os.environ["DJANGO_SETTINGS_MODULE"] = "crc_site.settings"
django.setup()

from tests.bench.load import lines_per_second  # noqa: E402
from tests.bench.pace import p95  # noqa: E402
from tests.bench.yardstick import ALIKE, yardstick  # noqa: E402
from tests.drills.client import TOKEN, Answer, ask  # noqa: E402
from tests.drills.ground import inside  # noqa: E402
from tests.drills.ledger import finished_drafts  # noqa: E402
from tests.served import Served, serve  # noqa: E402

ROUNDS = 5
ENOUGH = 2000  # people a round: more than Sends fit into its seconds
SEND_TARGET, PACE_TARGET = 0.4, 3.0
STEP, CHECK = "/candidacy/goals/", "/candidacy/check/"
GOALS = {"goals": "less-pain"}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        database = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/db.sqlite3"
        site = serve(folder, **ALIKE, DATABASE_URL=database, TRUSTED_PROXIES="127.0.0.1")
        try:
            with yardstick("tests.bench.one_row.wsgi:application", site.environment) as bare:
                throughput(site, bare, folder / "lines")
                pace(site, bare)
        finally:
            site.stop()


def throughput(site: Served, bare: str, lines: Path) -> None:
    """Requests a second, by turns."""
    sys.stdout.write(
        f"{'requests a second':20}{'one row':>10}{'step GET':>10}{'step POST':>10}{'Send':>10}{'ratio':>8}\n"
    )
    ratios = []

    def rate(address: str, method: str, path: str, status: int, fields: str = "") -> float:
        write_lines(lines, people, method, path, fields)
        return lines_per_second(address, lines, status)

    for number in range(1, ROUNDS + 1):
        people = inside(site.environment, finished_drafts, ENOUGH, number * ENOUGH)
        rates = [
            rate(bare, "POST", "/", 200),
            rate(site.address, "GET", STEP, 200),
            rate(site.address, "POST", STEP, 302, "&goals=less-pain"),
            rate(site.address, "POST", CHECK, 302),
        ]
        ratios.append(rates[-1] / rates[0])
        figures = "".join(f"{figure:>10.0f}" for figure in rates)
        sys.stdout.write(f"{f'round {number}':20}{figures}{ratios[-1]:>8.2f}\n")
    median = statistics.median(ratios)
    sys.stdout.write(
        f"median of Send to one row {median:.2f}, target at least {SEND_TARGET}: {met(median >= SEND_TARGET)}\n"
    )


def write_lines(lines: Path, people: list[dict], method: str, path: str, fields: str) -> None:
    """A request of each person, each from an address of its own."""
    with lines.open("w") as file:
        for person in people:
            client = ".".join(str(part) for part in person["person"].to_bytes(3))
            cookie = f"csrf={TOKEN}; draft={person['draft']}"
            body = f"csrfmiddlewaretoken={TOKEN}{fields}" if method == "POST" else ""
            file.write(f"{method}\t{path}\t10.{client}\t{cookie}\t{body}\n")


def pace(site: Served, bare: str) -> None:
    """The 95th percentile of one answer, with clients at one step a second each."""
    people = inside(site.environment, finished_drafts, 20, (ROUNDS + 1) * ENOUGH)

    def seconds(port: int, method: str, path: str, fields: dict | None, status: int):
        def once(client: int) -> float:
            answer: Answer = ask(
                port, method, path, fields, **{name: people[client][name] for name in ("person", "draft")}
            )
            if answer.status != status:
                sys.exit(f"{method} {path} was answered with {answer.status}")
            return answer.seconds

        return once

    row = p95(seconds(urlsplit(bare).port, "POST", "/", {}, 200))
    sys.stdout.write(f"one row, 95th percentile {row * 1000:.1f} ms\n")
    for method, fields, status in (("GET", None, 200), ("POST", GOALS, 302)):
        step = p95(seconds(site.port, method, STEP, fields, status))
        figures = f"{step * 1000:.1f} ms, {step / row:.2f} of it"
        verdict = met(step <= PACE_TARGET * row)
        sys.stdout.write(f"step {method}, 95th percentile {figures}, target at most {PACE_TARGET}: {verdict}\n")


def met(is_met: bool) -> str:
    return "met" if is_met else "not met"


if __name__ == "__main__":
    main()
