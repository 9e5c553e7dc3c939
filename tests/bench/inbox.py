"""The desk with 100,000 inquiries compared with 1,000, alternating in one process.

Both databases are SQLite files, or both are on the PostgreSQL server of DATABASE_URL.
"""

import logging
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from tests.report import Result

SMALL, LARGE = 1_000, 100_000
ROUNDS = 41
TARGET = 1.5
AT_ONCE = 1_000


@dataclass
class Desk:
    """A database, a client signed in to it, and some records, used in rotation."""

    size: int
    connection: object
    client: object = None
    records: object = None

    def use(self) -> None:
        from django.db import connections

        from screening.inquiries.services import submission

        connections["default"] = self.connection
        submission.forget_known_versions()


def measure() -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        desks = [Desk(size, connection_to(size, Path(folder))) for size in (SMALL, LARGE)]
        for desk in desks:
            fill(desk)
        for name, look in LOOKS.items():
            small, large = milliseconds(look, desks)
            ratio = large / small
            target = "" if name == FRONT_PAGE else f"≤ {TARGET}"
            figure = f"{ratio:.2f}, {small:.0f} and {large:.0f} ms"
            yield Result(f"{name}, {LARGE:,} to {SMALL:,}", target, figure, not target or ratio <= TARGET)
        for desk in desks:
            desk.connection.close()


def connection_to(size: int, folder: Path):
    from django.conf import settings
    from django.db import connections

    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    logging.disable()
    connection = connections.create_connection("default")
    connection.settings_dict = dict(connection.settings_dict)
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = str(folder / f"{size}.sqlite3")
    else:
        name = f"bench_{size}"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        connection.settings_dict["NAME"] = name
    return connection


def fill(desk: Desk) -> None:
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from screening.inquiries import services
    from screening.management import demo_data
    from screening.models import Inquiry

    desk.use()
    call_command("migrate", verbosity=0)
    nurse = get_user_model().objects.create_superuser("nurse")
    now, started = timezone.now(), time.perf_counter()
    for first in range(0, desk.size, AT_ONCE):
        services.create_demo_inquiries(demo_data.people(first, AT_ONCE, now, [nurse]))
    if desk.connection.vendor == "postgresql":  # as autovacuum does within minutes
        desk.connection.cursor().execute("VACUUM ANALYZE")
    passed = time.perf_counter() - started
    sys.stderr.write(f"{desk.size:,} inquiries written in {passed:.0f} s, {megabytes(desk.connection):.0f} MB\n")
    desk.client = Client()
    desk.client.force_login(nurse)
    ids = Inquiry.objects.waiting_for_us().longest_waiting_first().values_list("pk", "reference")[:20]
    desk.records = cycle(list(ids))


def megabytes(connection) -> float:
    size = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with connection.cursor() as cursor:
        cursor.execute(size[connection.vendor])
        return cursor.fetchone()[0] / 1_000_000


def milliseconds(look: Callable[[Desk], float], desks: list[Desk]) -> list[float]:
    """Return the median times in milliseconds; the desks alternate, so that other load affects both."""
    times: list[list[float]] = [[] for _ in desks]
    for number in range(ROUNDS + 3):
        for taken, desk in zip(times, desks, strict=True):
            desk.use()
            passed = look(desk)
            if number >= 3:
                taken.append(passed)
    return [statistics.median(taken) for taken in times]


def get(desk: Desk, address: str) -> float:
    started = time.perf_counter()
    answer = desk.client.get(address)
    taken = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, answer.status_code
    return taken


def search(desk: Desk, sought: str) -> float:
    started = time.perf_counter()
    answer = desk.client.post(INBOX, {"q": sought}, follow=True)
    taken = (time.perf_counter() - started) * 1000
    assert re.search(rb"CRC-\w{4}-\w\w", answer.content)
    return taken


INBOX = "/admin/screening/inquiry/"
FRONT_PAGE = "the front page, of 12 weeks"  # which hold a hundred times as many inquiries
LOOKS: dict[str, Callable[[Desk], float]] = {
    "the inbox": lambda desk: get(desk, INBOX),
    "a filter (closed, in Spanish)": lambda desk: get(desk, f"{INBOX}?tab=closed&language=es"),
    "a sheet": lambda desk: get(desk, f"{INBOX}{next(desk.records)[0]}/change/"),
    "a search by reference": lambda desk: search(desk, next(desk.records)[1]),
    "a word that one in fifty bears": lambda desk: search(desk, "Marisol"),
    FRONT_PAGE: lambda desk: get(desk, "/admin/"),
}
