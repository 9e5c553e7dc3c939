"""`python -m tests.drills [DRILL…]` runs drills in full, each subject on its own site, and prints the table."""

import os
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import django

import tests.environment  # noqa: F401 (the environment is set before Django reads it)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
django.setup()

from tests.drills.catalog import ALONE, LANES, LONGEST, ON_POSTGRESQL_ALONE, ON_SQLITE_ALONE, SUBJECTS  # noqa: E402
from tests.drills.environment import ground  # noqa: E402 (needs the applications that were just set up)
from tests.drills.size import FULL  # noqa: E402
from tests.report import Result, table  # noqa: E402


def main(names: list[str]) -> int:
    known = [drill.__name__ for subject in SUBJECTS for drill in subject.DRILLS]
    if not set(names) <= set(known):
        sys.exit(f"The drills are: {', '.join(known)}")
    wanted = names or known
    elsewhere = ON_SQLITE_ALONE if is_on_postgresql() else ON_POSTGRESQL_ALONE
    chosen = {
        subject: [drill for drill in subject.DRILLS if drill.__name__ in wanted]
        for subject in SUBJECTS
        if subject not in elsewhere
    }
    results = {subject: in_full(chosen.pop(subject)) for subject in ALONE if subject in chosen}
    with ThreadPoolExecutor(LANES) as lanes:
        beside = {one: lanes.submit(in_full, chosen[one]) for one in sorted(chosen, key=lambda one: one not in LONGEST)}
        results |= {subject: waiting.result() for subject, waiting in beside.items()}
    found = [result for subject in SUBJECTS for result in results.get(subject, [])]
    sys.stdout.write(f"{title()}\n{table(found)}\n")
    return 0 if all(result.is_met for result in found) else 1


def in_full(drills: list[Callable]) -> list[Result]:
    """Run one subject's drills. An exception counts as a result that is not met, so the other subjects still run."""
    if not drills:
        return []
    names = ", ".join(drill.__name__ for drill in drills)
    began = time.monotonic()
    sys.stderr.write(f"… {names}\n")
    try:
        with ground() as place:
            return [result for drill in drills for result in drill(place, FULL)]
    except Exception as error:
        traceback.print_exc()
        return [Result(names, "to be drilled", type(error).__name__, is_met=False)]
    finally:
        sys.stderr.write(f"{time.monotonic() - began:5.0f} s  {names}\n")


def title() -> str:
    return "On PostgreSQL" if is_on_postgresql() else "On SQLite"


def is_on_postgresql() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
