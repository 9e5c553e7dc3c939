"""The tools that keep the code in order, and Django's own checks, run as tests so that one command runs everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import VALUES

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FOLDERS = ["crc_site", "content", "screening", "tests", "manage.py"]
TEMPLATES = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "templates").rglob("*.html"))

IN_PRODUCTION = {
    "SECRET_KEY": "kK3-production-like " + "0123456789abcdefghij" * 3,
    "SITE_URL": "https://clinic.example",
    "ALLOWED_HOSTS": "clinic.example",
    "STAFF_REQUIRE_OTP": "on",
    "CLINIC_EMAIL": "hello@clinic.example",
}


@pytest.mark.parametrize(
    "command",
    [
        [BIN / "ruff", "check", *FOLDERS],
        [BIN / "ruff", "format", "--check", *FOLDERS],
        [BIN / "djade", "--target-version", "5.2", "--check", *TEMPLATES],
        [BIN / "hadolint", "Dockerfile"],
        [sys.executable, "manage.py", "check", "--fail-level", "INFO"],
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    ],
    ids=["ruff", "ruff-format", "djade", "hadolint", "check", "check-deploy", "makemigrations"],
)
def test_it_has_nothing_to_say(command):
    environment = os.environ | VALUES | IN_PRODUCTION
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
