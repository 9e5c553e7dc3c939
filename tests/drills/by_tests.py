"""Promises about fields, pages and permissions instead of failures: run their tests and count the outcomes."""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tests.report import Result
from tests.served import ROOT

# Files below tests/; docs/security.md names them for each promise.
PROMISES = {
    "Secrets stay encrypted": (
        "test_secrets_stay_encrypted.py",
        "privacy/test_encryption.py",
        "crc_site/observability/test_logs.py",
        "accounts/test_lockout.py",
        "accounts/test_codes_at_rest.py",
    ),
    "Staff only": (
        "desk/test_permissions.py",
        "accounts/test_sign_in.py",
        "accounts/test_passkeys.py",
        "accounts/test_lockout.py",
        "crc_site/middleware/test_session_timeout.py",
        "desk/record/test_record.py",
    ),
    "Browser walls": (
        "crc_site/test_every_address.py",
        "crc_site/middleware/test_security_headers.py",
        "crc_site/test_gunicorn_errors.py",
        "desk/test_in_chromium.py",
        "accounts/test_in_chromium.py",
    ),
    "No leak to third parties": ("test_every_page.py", "desk/test_in_chromium.py"),
    "Exports": (
        "desk/exports/test_columns.py",
        "desk/exports/test_csv_export.py",
        "desk/exports/test_medical_record.py",
        "desk/exports/test_fhir_record.py",
    ),
}


def results(is_on_postgresql: bool) -> Iterator[Result]:
    """On PostgreSQL, leave out tests that need a browser or separate processes; they ran on SQLite."""
    sys.stderr.write(f"… {', '.join(PROMISES)}\n")
    ended = _outcomes("not browser and not server" if is_on_postgresql else "")
    for promise, files in PROMISES.items():
        counts = sum((ended[file] for file in files), Counter())
        if is_on_postgresql and not counts:
            continue
        figure = ", ".join(f"{count} {what}" for what, count in counts.items()) or "none ran"
        yield Result(promise, "all tests pass", figure, set(counts) == {"passed"})


def _outcomes(markers: str) -> dict[str, Counter]:
    """Run all test files once, in parallel; return the outcomes by file."""
    files = sorted({file for some in PROMISES.values() for file in some})
    with tempfile.TemporaryDirectory(prefix="promises-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-n", "3", "-m", markers, f"--junitxml={report}"]
        subprocess.run([*command, *(f"tests/{file}" for file in files)], cwd=ROOT, stdout=subprocess.DEVNULL)
        outcomes = {file: Counter() for file in files}
        for case in ElementTree.parse(report).iter("testcase"):
            file = case.get("classname").removeprefix("tests.").replace(".", "/") + ".py"
            outcomes[file][_outcome(case)] += 1
    return outcomes


def _outcome(case: ElementTree.Element) -> str:
    tags = {child.tag for child in case}
    return "failed" if tags & {"failure", "error"} else "skipped" if "skipped" in tags else "passed"
