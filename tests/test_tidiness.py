"""Django's system checks and the Dockerfile linter; `make lint` runs ruff, djade and mypy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import VALUES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

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
        [BIN / "hadolint", "Dockerfile"],
        [sys.executable, "manage.py", "check", "--fail-level", "INFO"],
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"],
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    ],
    ids=["hadolint", "check", "check-deploy", "makemigrations"],
)
def test_it_has_nothing_to_say(command, tmp_path):
    # Django 6.1 opens the database for checks of models.
    environment = os.environ | VALUES | IN_PRODUCTION | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
