"""The environment of a drill: a site with its own database, and a mail server and storage that fail on demand."""

import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.drills.smtp_server import PostOffice
from tests.inside import Inside
from tests.served import HANG, Served, database_in, serve

PHONE = "+1 619 555 0100"
_one_at_a_time = threading.Lock()  # all sites share the folder of collected static files


@dataclass
class Ground:
    site: Served
    post: PostOffice
    ailment: Path  # a statement that runs first on every new database connection; see `broken_database`
    process: Inside
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
        with closing(self._connect()) as connection:
            for statement in statements:
                connection.execute(statement)

    def count(self, table: str, condition: str) -> int:
        """Count rows directly in the database."""
        with closing(self._connect()) as connection:
            return connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]

    def unsent_letters(self, condition: str = "true") -> int:
        return self.count("screening_letter", f"sent_at IS NULL AND gave_up_at IS NULL AND {condition}")

    def _connect(self) -> sqlite3.Connection | psycopg.Connection:
        address = self.site.environment["DATABASE_URL"]
        if self.is_on_sqlite:
            return sqlite3.connect(address.removeprefix("sqlite:///"), timeout=HANG, isolation_level=None)
        return psycopg.connect(address, autocommit=True)

    def inside(self, function: Callable, *arguments: Any) -> Any:
        """Run a module's function in a process with the site's environment. Arguments and result must be JSON."""
        return self.process.run(function, *arguments)


@contextmanager
def ground() -> Iterator[Ground]:
    """Run a site for the duration of the block, on PostgreSQL if DATABASE_URL names a server, otherwise on SQLite."""
    with tempfile.TemporaryDirectory(prefix="drill-") as name, PostOffice() as post:
        folder, ailment = Path(name), Path(name) / "ailment"
        ailment.write_text("")
        with _one_at_a_time:
            site = serve(
                folder,
                DATABASE_URL=database_in(folder),
                EMAIL_URL=f"smtp://127.0.0.1:{post.port}",
                CLINIC_PHONE=PHONE,
                STAFF_REQUIRE_OTP="off",
                DJANGO_SETTINGS_MODULE="tests.drills.broken_database",
                AILMENT=str(ailment),
            )
        process = Inside(site.environment)
        try:
            yield Ground(site, post, ailment, process)
        finally:
            process.close()
            site.stop()
