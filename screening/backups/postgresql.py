"""Dumps a PostgreSQL database with pg_dump, and loads it with pg_restore."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from screening.privacy.backup_directory import BackupError

ENGINE = "postgresql"
_PART = 1024 * 1024


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
    """Nothing to delete: pg_dump is streamed, without a copy."""
    return 0


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


def _restore(parts: Iterable[bytes]) -> None:
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname")
    with _running("pg_restore", *options, stdin=subprocess.PIPE) as process, suppress(BrokenPipeError):
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
def _running(program: str, *options: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a PostgreSQL client program with the site's connection; the password is in its environment.

    Raises BackupError if the program is missing or fails.
    """
    client = connection.client_class
    (_psql, *arguments), environment = client.settings_to_cmd_args_env(connection.settings_dict, list(options))
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
