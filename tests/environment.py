"""A pytest plugin that sets the environment before Django reads it, and removes the machine's own settings."""

import base64
import os
import tempfile
from pathlib import Path

_MAIL = tempfile.TemporaryDirectory(prefix="mail-")

VALUES = {
    "SECRET_KEY": "tests-only-" + "abcdefghij" * 5,
    "INDEX_KEY": "tests-only-index-" + "abcdefghij" * 5,
    "FIELD_KEYS": base64.urlsafe_b64encode(b"tests-only-abcdefghijabcdefghija").decode(),
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "SITE_URL": "http://localhost:8000",
    "STAFF_NOTIFY_TO": "staff@clinic.example",
    "STAFF_REQUIRE_OTP": "off",
    "EMAIL_URL": f"filemail:///{_MAIL.name}",
}

# DATABASE_URL is kept: the suite runs on SQLite and on PostgreSQL.
_NAMES_IN_SETTINGS = Path(__file__).parent.parent.joinpath("crc_site", "settings.py").read_text(encoding="utf-8")
for name in list(os.environ):
    if f'"{name}"' in _NAMES_IN_SETTINGS and name != "DATABASE_URL":
        del os.environ[name]
os.environ.update(VALUES)

# On PostgreSQL each parallel process has its own server; see `on_postgresql`.
if servers := os.environ.get("DATABASE_URLS", "").split():
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["DATABASE_URL"] = servers[number % len(servers)]


def pytest_unconfigure(config) -> None:
    """Parallel test processes end without the finalizers of Python."""
    _MAIL.cleanup()
