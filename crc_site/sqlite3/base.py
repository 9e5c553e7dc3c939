"""The database backend: Django's own, but whoever wants to write asks for the lock at even intervals.

SQLite itself asks ever more seldom, so that newcomers overtake those who wait longest: of fifty people who press Send
at one moment some would wait for seconds, and now and then one for the whole time-out.
"""

import random
import time

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

INTERVAL = (0.001, 0.006)  # seconds, drawn anew each time so that two never keep in step


class DatabaseWrapper(base.DatabaseWrapper):
    def _start_transaction_under_autocommit(self) -> None:
        patience = self.settings_dict["OPTIONS"]["timeout"]
        end = time.monotonic() + patience
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._has_begun(is_last=time.monotonic() > end):
                time.sleep(random.uniform(*INTERVAL))  # noqa: S311
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")

    def _has_begun(self, *, is_last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if is_last or "locked" not in str(error):
                raise
            return False
        return True
