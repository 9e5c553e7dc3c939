"""Failures of a PostgreSQL database under a running site, each a context manager."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.drills.environment import Ground
from tests.served import wait_for


@contextmanager
def full(ground: Ground) -> Iterator[None]:
    """The server reports a full disk when an inquiry's last row is written."""
    ground.execute(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE 'No space left on device' USING ERRCODE = 'disk_full'; END $$"
    )
    ground.execute("CREATE TRIGGER no_room BEFORE INSERT ON screening_event FOR EACH ROW EXECUTE FUNCTION no_room()")
    try:
        yield
    finally:
        ground.execute("DROP FUNCTION no_room CASCADE")


@contextmanager
def read_only(ground: Ground) -> Iterator[None]:
    name = urlsplit(ground.site.environment["DATABASE_URL"]).path[1:]
    ground.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    end_sessions(ground)
    try:
        yield
    finally:
        ground.execute("SET default_transaction_read_only = off", f'ALTER DATABASE "{name}" RESET ALL')
        end_sessions(ground)


def end_sessions(ground: Ground) -> None:
    """Disconnect all processes of the site."""
    ground.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@contextmanager
def locked(ground: Ground) -> Iterator[None]:
    """Another session holds an exclusive lock on a table."""
    with psycopg.connect(ground.site.environment["DATABASE_URL"]) as holder:
        holder.execute("LOCK TABLE screening_draft IN ACCESS EXCLUSIVE MODE")
        yield
        holder.rollback()


@contextmanager
def gone(ground: Ground) -> Iterator[None]:
    """The server is stopped, then started again with its own command line."""
    with psycopg.connect(ground.site.environment["DATABASE_URL"]) as connection:
        data = Path(connection.execute("SHOW data_directory").fetchone()[0])
    command = shlex.split((data / "postmaster.opts").read_text(encoding="utf-8"))
    owner = data.owner()
    os.kill(int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0]), signal.SIGINT)
    wait_for(lambda: not (data / "postmaster.pid").exists())
    try:
        yield
    finally:
        borrowed = ["runuser", "-u", owner, "--"] if os.geteuid() == 0 else []
        with (data / "again.log").open("w", encoding="utf-8") as log:
            subprocess.Popen([*borrowed, *command], cwd=data, stdout=log, stderr=log)


AILMENTS = {"full": full, "read-only": read_only, "held by another": locked, "gone": gone}
