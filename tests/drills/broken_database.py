"""The site's settings with a failing database: each new connection first runs the statement in the file AILMENT."""

import os
import threading
from pathlib import Path

from django.core.signals import request_started
from django.db import connections
from django.db.backends.signals import connection_created

from crc_site.settings import *  # noqa: F403

_ailment = Path(os.environ["AILMENT"])
_begun_with = threading.local()


def ail(connection, **kwargs) -> None:
    _begun_with.statement = _ailment.read_text(encoding="utf-8")
    if _begun_with.statement:
        connection.cursor().execute(_begun_with.statement)


def begin_again(**kwargs) -> None:
    """Connections persist between requests: close one that began with another statement."""
    if _ailment.read_text(encoding="utf-8") != getattr(_begun_with, "statement", ""):
        connections["default"].close()


connection_created.connect(ail)
request_started.connect(begin_again)
