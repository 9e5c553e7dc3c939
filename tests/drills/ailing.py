"""The site's settings, with a database that ails on demand: a new connection begins with what the file AILMENT says."""

import os
from pathlib import Path

from django.db.backends.signals import connection_created

from crc_site.settings import *  # noqa: F403

_ailment = Path(os.environ["AILMENT"])


def ail(connection, **kwargs) -> None:
    statement = _ailment.read_text(encoding="utf-8")
    if statement:
        connection.cursor().execute(statement)


connection_created.connect(ail)
