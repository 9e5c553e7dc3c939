"""Django's SQLite backend with a write lock, taken before a transaction begins."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from crc_site.sqlite.write_lock import WriteLock

if TYPE_CHECKING:

    class _DatabaseWrapper(base.DatabaseWrapper):
        """Declares the private methods that the stubs leave out."""

        def _start_transaction_under_autocommit(self) -> None: ...
        def _commit(self) -> None: ...
        def _rollback(self) -> None: ...
        def _close(self) -> None: ...

else:
    _DatabaseWrapper = base.DatabaseWrapper


class DatabaseWrapper(_DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: WriteLock | None = None
        self._opened_file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        self._opened_file = self._file()  # after opening, which creates a missing file
        return connection

    def is_usable(self) -> bool:
        """Whether the open file is still the one at its path, so that nothing is written to a moved file."""
        return self._opened_file is not None and self._opened_file == self._file()

    def _file(self) -> tuple[int, int] | None:
        """Device and inode of the file at the database's path."""
        try:
            status = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _start_transaction_under_autocommit(self) -> None:
        try:
            if not self.is_in_memory_db():
                self._write_lock = WriteLock(self.settings_dict["NAME"])
                if not self._write_lock.acquire(self.settings_dict["OPTIONS"]["timeout"]):
                    raise OperationalError("database is locked")  # SQLite's own message
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._release_lock()
            raise

    def _commit(self) -> None:
        super()._commit()  # if it fails, Django rolls back next, which releases the lock
        self._release_lock()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release_lock()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._release_lock()

    def _release_lock(self) -> None:
        if self._write_lock is not None:
            self._write_lock.release()
            self._write_lock = None
