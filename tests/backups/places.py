"""Restore a backup into another database, in a separate process."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection
from pyrage.x25519 import Identity

from tests.environment import VALUES
from tests.served import ROOT

# A new age key pair for each run.
_IDENTITY = Identity.generate()
BACKUP_RECIPIENT = str(_IDENTITY.to_public())


def identity_file(folder: Path) -> Path:
    """Write the private key of BACKUP_RECIPIENT to a file, in age-keygen's format."""
    path = folder / "identity.txt"
    path.write_text(f"# public key: {BACKUP_RECIPIENT}\n{_IDENTITY}\n")
    return path


class Place:
    """An empty database, SQLite or PostgreSQL like the test database, and manage.py commands on it."""

    def __init__(self, address: str, **changed: str):
        inherited = {name: value for name, value in os.environ.items() if name not in VALUES}
        self.environment = inherited | VALUES | {"DATABASE_URL": address} | changed

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)

    def select(self, statement: str) -> list[tuple]:
        address = self.environment["DATABASE_URL"]
        if address.startswith("sqlite"):
            with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as there:
                return there.execute(statement).fetchall()
        with psycopg.connect(address) as there:
            return there.execute(statement).fetchall()


@contextmanager
def elsewhere(folder: Path, **changed: str) -> Iterator[Place]:
    if connection.vendor == "sqlite":
        yield Place(f"sqlite:///{folder}/elsewhere.sqlite3", **changed)
        return
    server, name = os.environ["DATABASE_URL"], "elsewhere"
    with psycopg.connect(server, autocommit=True) as there:
        there.execute(f"DROP DATABASE IF EXISTS {name}")
        there.execute(f"CREATE DATABASE {name}")
        yield Place(urlsplit(server)._replace(path=f"/{name}").geturl(), **changed)
        there.execute(f"DROP DATABASE {name} WITH (FORCE)")
