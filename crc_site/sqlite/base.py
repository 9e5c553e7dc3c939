"""The database backend: as Django's, but whoever begins a transaction waits for their turn first."""

from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from crc_site.sqlite.write_lock import WriteLock


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: WriteLock | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self._opened = self._file()  # not before: opening makes it where there is none
        return connection

    def is_usable(self) -> bool:
        """Whether the file that is open is still the one at its path: nothing is written into one that was moved."""
        return self._opened is not None and self._opened == self._file()

    def _file(self) -> tuple[int, int] | None:
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _start_transaction_under_autocommit(self) -> None:
        try:
            if not self.is_in_memory_db():
                self._turn = WriteLock(self.settings_dict["NAME"])
                if not self._turn.take(self.settings_dict["OPTIONS"]["timeout"]):
                    raise OperationalError("database is locked")  # as SQLite says it
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._give_back()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # the stubs leave it out; what fails is rolled back next
        self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._give_back()

    def _give_back(self) -> None:
        if self._turn is not None:
            self._turn.give_back()
            self._turn = None
