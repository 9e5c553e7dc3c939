"""Start the site in Python processes with their own environment."""

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings

from tests.environment import VALUES

# Requests some paths from a new process; prints the responses as JSON.
_VISIT = """
import json, sys, django
from django.conf import settings
settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
django.setup()
from django.core import signing
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "localhost"})
client.cookies[settings.DRAFT_COOKIE_NAME] = signing.TimestampSigner(salt="screening.draft").sign(sys.argv[1])
answers = [client.get(path) for path in sys.argv[2:]]
print(json.dumps([[answer.status_code, dict(answer.headers), answer.content.decode()] for answer in answers]))
"""


def python(*arguments: str, **changed: str | None) -> subprocess.CompletedProcess:
    """Run Python in a valid environment; ``changed`` sets variables, None removes one."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "crc_site.settings", **VALUES, **changed}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=600,
    )


def settings_of(*names: str, **changed: str | None) -> dict[str, Any]:
    """Return settings as a process with this environment computes them."""
    program = (
        f"import json; from crc_site import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    )
    return json.loads(python("-c", program, **changed).stdout)


def visit(draft: str, *paths: str, **changed: str) -> list[tuple[int, dict, str]]:
    """Return status, headers and page of each path, requested with the draft's cookie."""
    done = python("-c", _VISIT, draft, *paths, **changed)
    assert done.returncode == 0, done.stderr
    return [tuple(answer) for answer in json.loads(done.stdout)]
