"""The environment of a drill: a site with its own database, and a mail server and storage that fail on demand."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.drills.smtp_server import PostOffice
from tests.served import HANG, ROOT, Served, serve

PHONE = "+1 619 555 0100"
_one_at_a_time = threading.Lock()  # all sites share the folder of collected static files

_INSIDE = """
import importlib, json, sys, django
django.setup()
module, name = sys.argv[1:]
json.dump(getattr(importlib.import_module(module), name)(*json.load(sys.stdin)), sys.stdout)
"""


@dataclass
class Ground:
    site: Served
    post: PostOffice
    ailment: Path  # a statement that runs first on every new database connection; see `broken_database`
    people: int = 0

    def next_person(self, count: int) -> int:
        """Reserve ``count`` unused person numbers; return the first."""
        self.people += count
        return self.people - count

    @property
    def is_on_sqlite(self) -> bool:
        return self.site.environment["DATABASE_URL"].startswith("sqlite")

    def forget_letters(self) -> None:
        """Mark all unsent letters as sent, so that the mail worker has nothing to do."""
        self.execute("UPDATE screening_letter SET sent_at = owed_at WHERE sent_at IS NULL")

    def execute(self, *statements: str) -> None:
        """Run statements directly in the site's database."""
        address = self.site.environment["DATABASE_URL"]
        if self.is_on_sqlite:
            connecting = sqlite3.connect(address.removeprefix("sqlite:///"), timeout=HANG, isolation_level=None)
        else:
            connecting = psycopg.connect(address, autocommit=True)
        with closing(connecting) as connection:
            for statement in statements:
                connection.execute(statement)

    def inside(self, function: Callable, *arguments: Any) -> Any:
        """Run a module's function in a process with the site's environment. Arguments and result must be JSON."""
        return inside(self.site.environment, function, *arguments)


def inside(environment: dict[str, str], function: Callable, *arguments: Any) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _INSIDE, function.__module__, function.__name__],
        cwd=ROOT,
        env=environment,
        input=json.dumps(arguments),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@contextmanager
def ground() -> Iterator[Ground]:
    """Run a site for the duration of the block, on PostgreSQL if DATABASE_URL names a server, otherwise on SQLite."""
    with tempfile.TemporaryDirectory(prefix="drill-") as name, PostOffice() as post:
        folder, ailment = Path(name), Path(name) / "ailment"
        ailment.write_text("")
        with _one_at_a_time:
            site = serve(
                folder,
                DATABASE_URL=_new_database(folder),
                EMAIL_URL=f"smtp://127.0.0.1:{post.port}",
                CLINIC_PHONE=PHONE,
                STAFF_REQUIRE_OTP="off",
                DJANGO_SETTINGS_MODULE="tests.drills.broken_database",
                AILMENT=str(ailment),
            )
        try:
            yield Ground(site, post, ailment)
        finally:
            site.stop()


def _new_database(folder: Path) -> str:
    """A database of its own, on the server of DATABASE_URL or as a SQLite file."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        (folder / "data").mkdir()
        return f"sqlite:///{folder}/data/db.sqlite3"
    name = folder.name.replace("-", "_")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(server)._replace(path=f"/{name}").geturl()
