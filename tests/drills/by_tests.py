"""Promises that are a matter of every field, page or right, and not of trouble: their tests are run and counted."""

import re
import subprocess
import sys
from collections.abc import Iterator

from tests.report import Result
from tests.served import ROOT

# Files below tests/; docs/security.md names them beside the promise.
PROMISES = {
    "Secrets stay sealed": (
        "test_secrets_stay_sealed.py",
        "inquiries/test_sealed.py",
        "crc_site/test_logs.py",
        "staff/test_pauses.py",
        "staff/test_codes_at_rest.py",
    ),
    "Staff only": (
        "desk/test_who_may_what.py",
        "staff/test_sign_in.py",
        "staff/test_pauses.py",
        "crc_site/test_sessions.py",
        "desk/test_record.py",
    ),
    "Browser walls": (
        "crc_site/test_every_address.py",
        "crc_site/test_headers.py",
        "crc_site/test_refusals.py",
        "desk/test_in_chromium.py",
        "staff/test_in_chromium.py",
    ),
    "No leak to third parties": ("test_every_page.py", "desk/test_in_chromium.py"),
    "Exports": ("desk/test_table.py", "desk/test_export.py", "desk/test_medical_record.py"),
}


def results(is_on_postgresql: bool) -> Iterator[Result]:
    """On PostgreSQL without those that need a browser or processes of their own, which ran on SQLite."""
    chosen = ("-m", "not browser and not server") if is_on_postgresql else ()
    for promise, files in PROMISES.items():
        sys.stderr.write(f"… {promise}\n")
        command = [sys.executable, "-m", "pytest", "-n", "2", *chosen, *(f"tests/{file}" for file in files)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        told = re.findall(r"(\d+) (passed|failed|errors?|skipped)", ended.stdout.splitlines()[-1])
        counts = {what: int(count) for count, what in told}
        if is_on_postgresql and not counts:
            continue
        figure = ", ".join(f"{count} {what}" for what, count in counts.items()) or "none ran"
        yield Result(promise, "all tests pass", figure, ended.returncode == 0 and set(counts) == {"passed"})
