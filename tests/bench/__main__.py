"""`python -m tests.bench [SUBJECT…]` measures, prints each round as it ends, and a table at the end."""

import importlib
import os
import sys

import django

import tests.environment  # noqa: F401 (the environment is set before Django reads it)
from tests.report import Result, table

# The last one replaces the site's databases with its own.
SUBJECTS = ("guide", "cached_guide", "questionnaire", "footprint", "inbox")


def main(names: list[str]) -> int:
    if not set(names) <= set(SUBJECTS):
        sys.exit(f"The subjects are: {', '.join(SUBJECTS)}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
    django.setup()
    results: list[Result] = []
    for name in SUBJECTS:
        if not names or name in names:
            results += importlib.import_module(f"tests.bench.{name}").measure()
    where = "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
    sys.stdout.write(f"On {where}\n{table(results)}\n")
    return 0 if all(result.is_met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
