"""`python -m tests.drills` runs every drill in full, each subject on a site of its own, and prints the table."""

import os
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import django

import tests.environment  # noqa: F401 (the environment is set before Django reads it)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
django.setup()

from tests.drills.ground import ground  # noqa: E402 (needs the applications that were just set up)
from tests.drills.register import SUBJECTS, WAITING  # noqa: E402
from tests.drills.report import Result, table  # noqa: E402
from tests.drills.size import FULL  # noqa: E402


def main() -> int:
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(in_full, WAITING)
        results = [
            result for subject in SUBJECTS for result in (waiting.result() if subject is WAITING else in_full(subject))
        ]
    sys.stdout.write(f"{title()}\n{table(results)}\n")
    return 0 if all(result.is_met for result in results) else 1


def in_full(subject: ModuleType) -> list[Result]:
    """The results of a subject; what breaks a drill is one that is not met, and the others go on."""
    sys.stderr.write(f"… {subject.__doc__}\n")
    try:
        with ground() as place:
            return [result for drill in subject.DRILLS for result in drill(place, FULL)]
    except Exception as error:
        traceback.print_exc()
        return [Result(subject.__name__, "to be drilled", type(error).__name__, is_met=False)]


def title() -> str:
    return "On PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "On SQLite"


if __name__ == "__main__":
    sys.exit(main())
