"""Dumps a PostgreSQL database with pg_dump, and loads it with pg_restore."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.db import ProgrammingError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from screening.privacy.backup_directory import BackupError

ENGINE = "postgresql"
_PART = 1024 * 1024
_TRIAL = re.compile(r"crc_trial_(\d+)_\d+")
_STALE_AFTER = 60 * 60  # seconds; longer than a trial restore takes


@contextmanager
def dump(excluded: list[str]) -> Iterator[tuple[dict[str, int], Iterator[bytes]]]:
    """Row counts by table and the dump's bytes, both of one snapshot, without the rows of the ``excluded`` tables."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            tables = connection.introspection.table_names(cursor)
            rows = {table: 0 if table in excluded else _count(cursor, table) for table in tables}
        exclude = [f"--exclude-table-data={table}" for table in excluded]
        yield rows, _dump("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *exclude)


def delete_stale_copies() -> int:
    """Drop databases of trial restores that were left by killed processes; returns how many."""
    limit = time.time() - _STALE_AFTER
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = current_user")
        found = [match for (name,) in cursor.fetchall() if (match := _TRIAL.fullmatch(name))]
        stale = [match[0] for match in found if int(match[1]) < limit]
        for name in stale:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
    return len(stale)


@contextmanager
def restored_on_trial(parts: Iterable[bytes]) -> Iterator[BaseDatabaseWrapper]:
    """A dump as a database of its own on the same server, which is dropped afterwards. Raises BackupError."""
    database = connection.copy("trial")
    name = database.settings_dict["NAME"] = f"crc_trial_{time.time():.0f}_{os.getpid()}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except ProgrammingError:
        raise BackupError("the role of DATABASE_URL may create no database for it (ALTER ROLE … CREATEDB).") from None
    try:
        _restore(parts, database)
        yield database
    finally:
        database.close()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def is_empty() -> bool:
    return not connection.introspection.table_names()


def load(parts: Iterable[bytes], marker: str) -> None:
    """Load a dump into the empty database, all or nothing, with an extra table named ``marker``."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{marker}" (since integer)')
    try:
        _restore(parts)
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE "{marker}"')
        raise


def _restore(parts: Iterable[bytes], database: BaseDatabaseWrapper | None = None) -> None:
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname")
    with (
        _running("pg_restore", *options, database=database, stdin=subprocess.PIPE) as process,
        suppress(BrokenPipeError),
    ):
        pipe = _pipe(process.stdin)
        for part in parts:
            pipe.write(part)
        pipe.close()


def _dump(*options: str) -> Iterator[bytes]:
    with _running("pg_dump", *options, stdout=subprocess.PIPE) as process:
        pipe = _pipe(process.stdout)
        yield from iter(lambda: pipe.read(_PART), b"")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """The requested pipe, not None as Popen's type allows."""
    if stream is None:
        raise ValueError("no pipe was requested")
    return stream


@contextmanager
def _running(
    program: str, *options: str, database: BaseDatabaseWrapper | None = None, **pipes: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a PostgreSQL client program on ``database``, or the site's; the password is in its environment.

    Raises BackupError if the program is missing or fails.
    """
    settings = (database or connection).settings_dict
    (_psql, *arguments), environment = connection.client_class.settings_to_cmd_args_env(settings, list(options))
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is missing on this machine (Debian: postgresql-client).")
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(  # noqa: S603
            [path, *arguments], env=os.environ | (environment or {}), stderr=stderr, **pipes
        )
        try:
            yield process
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if status:
            stderr.seek(0)
            raise BackupError(_error_message(program, stderr.read().decode("utf-8", "replace")))


def _error_message(program: str, output: str) -> str:
    """The first line with an error; later lines may quote rows."""
    errors = [line for line in output.splitlines() if line.startswith(f"{program}: error: ")]
    reason = errors[0].removeprefix(f"{program}: error: ")[:200] if errors else "no reason was given"
    return f"{program} failed: {reason}"


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    (count,) = cursor.fetchone()
    return int(count)
