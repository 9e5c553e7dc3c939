"""A PostgreSQL database as the stream that pg_dump makes of one snapshot, and back through pg_restore."""

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
def dump(left_out: list[str]) -> Iterator[tuple[dict[str, int], Iterator[bytes]]]:
    """How many rows each table has, and the bytes, both of one snapshot; of the tables ``left_out`` no rows."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            tables = connection.introspection.table_names(cursor)
            rows = {table: 0 if table in left_out else _count(cursor, table) for table in tables}
        leave = [f"--exclude-table-data={table}" for table in left_out]
        yield rows, _dump("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", *leave)


def delete_stale_copies() -> int:
    """There are none: what pg_dump says goes straight into the file."""
    return 0


def is_empty() -> bool:
    return not connection.introspection.table_names()


def load(parts: Iterable[bytes], mark: str) -> None:
    """Fill the empty database, all or nothing; ``mark`` is a table that it has beside its own."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{mark}" (since integer)')
    try:
        _restore(parts)
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE "{mark}"')
        raise


def _restore(parts: Iterable[bytes]) -> None:
    wanted = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname")
    with _running("pg_restore", *wanted, stdin=subprocess.PIPE) as process, suppress(BrokenPipeError):
        pipe = _pipe(process.stdin)
        for part in parts:
            pipe.write(part)
        pipe.close()


def _dump(*wanted: str) -> Iterator[bytes]:
    with _running("pg_dump", *wanted, stdout=subprocess.PIPE) as process:
        pipe = _pipe(process.stdout)
        yield from iter(lambda: pipe.read(_PART), b"")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """The pipe that was asked for; Popen's type allows None."""
    if stream is None:
        raise ValueError("no pipe was asked for")
    return stream


@contextmanager
def _running(program: str, *wanted: str, **pipes: Any) -> Iterator[subprocess.Popen]:
    """One of PostgreSQL's programs, connected as the site is, the password in its environment; raises BackupError."""
    client = connection.client_class
    (_psql, *arguments), environment = client.settings_to_cmd_args_env(connection.settings_dict, list(wanted))
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is missing on this machine (Debian: postgresql-client).")
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            [path, *arguments], env=os.environ | (environment or {}), stderr=said, **pipes
        )
        try:
            yield process
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        if status:
            said.seek(0)
            raise BackupError(_in_one_sentence(program, said.read().decode("utf-8", "replace")))


def _in_one_sentence(program: str, said: str) -> str:
    """The first line that names the error; what follows may quote rows."""
    errors = [line for line in said.splitlines() if line.startswith(f"{program}: error: ")]
    why = errors[0].removeprefix(f"{program}: error: ")[:200] if errors else "no reason was given"
    return f"{program} failed: {why}"


def _count(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    (count,) = cursor.fetchone()
    return int(count)
