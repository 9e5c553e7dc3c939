"""`make any-day`: run the tests at shifted times, in another time zone, and with all cores busy.

time-machine shifts the clock of each process before anything is imported. Tests that start a browser or real servers
are excluded: those processes would keep the true time. Prints one line per moment.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
CLINIC = ZoneInfo("America/Tijuana")
PYTEST = ["-m", "pytest", "-p", "tests.shifted_clock", "-n", "2"]
MARKERS = ["-m", "not browser and not text_browser and not server and not nginx and not recipe"]
HANGS_AFTER = 5400  # seconds


@dataclass(frozen=True)
class Moment:
    """``clock`` is the clinic's local time when the run begins; None means the true time."""

    name: str
    clock: str | None
    machine_zone: str = "UTC"
    is_loaded: bool = False


MOMENTS = (
    Moment("a Wednesday evening", "2027-01-13 18:30"),
    Moment("a Friday before midnight", "2026-12-04 23:30"),
    Moment("the last minutes of a year", "2026-12-31 23:50"),
    Moment("the end of February", "2027-02-28 12:00"),
    Moment("the leap day", "2028-02-29 23:30"),
    Moment("clocks go forward", "2027-03-14 01:58"),
    Moment("clocks go back", "2027-11-07 01:58"),
    Moment("a holiday of Mexico", "2027-09-16 10:00"),
    Moment("a machine far east", "2027-01-13 18:30", machine_zone="Pacific/Auckland"),
    Moment("both cores taken", None, is_loaded=True),
)


def environment(moment: Moment) -> dict[str, str]:
    chosen = os.environ | {"TZ": moment.machine_zone}
    if moment.clock is None:
        return chosen
    begins = datetime.fromisoformat(moment.clock).replace(tzinfo=CLINIC).timestamp()
    return chosen | {"SHIFTED_BY": f"{begins - time.time():.0f}"}


@contextmanager
def load(is_wanted: bool) -> Iterator[list[str]]:
    """Yield a command prefix: none, or `nice` with a busy loop running on each core."""
    cores = os.cpu_count() or 1
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _core in range(cores * is_wanted)]
    try:
        yield ["nice", "-n", "5"] if is_wanted else []
    finally:
        for process in busy:
            process.kill()
            process.wait()


def run(moment: Moment, arguments: list[str]) -> bool:
    started = time.monotonic()
    with load(moment.is_loaded) as prefix:
        command = [*prefix, sys.executable, *PYTEST, *MARKERS, *arguments]
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment(moment), capture_output=True, text=True, timeout=HANGS_AFTER
            )
        except subprocess.TimeoutExpired:
            sys.stdout.write(f"{moment.name:<28} hangs\n")
            return False
    lines = done.stdout.splitlines() or [done.stderr]
    counts = re.findall(r"\d+ (?:passed|failed|errors?|skipped)", lines[-1])
    seconds = time.monotonic() - started
    sys.stdout.write(f"{moment.name:<28} {moment.clock or 'now':<17} {', '.join(counts):<40} {seconds:5.0f} s\n")
    sys.stdout.writelines(f"  {line}\n" for line in lines if line.startswith(("FAILED", "ERROR")))
    sys.stdout.flush()
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """``arguments``: part of a moment's name, to run only that one; after ``--``, arguments for pytest."""
    words, rest = arguments, []
    if "--" in arguments:
        words, rest = arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]
    outcomes = [run(moment, rest) for moment in MOMENTS if " ".join(words) in moment.name]
    return 0 if outcomes and all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
