from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from screening.backups.restore_marker import is_restore_unfinished
from screening.privacy.key_check import WrongKeys
from screening.worker.process import Worker


class Command(BaseCommand):
    help = "Sends letters that are due, deletes expired data and makes backups, until SIGTERM. Several may run at once."

    # Only these: gunicorn, which is started with the worker, runs the other checks, which would cost memory here.
    requires_system_checks = ("backups",)

    def handle(self, *args: Any, **options: Any) -> None:
        with suppress(DatabaseError, InterfaceError):  # the worker waits for a database that is down
            if is_restore_unfinished():
                raise CommandError("A restore into this database was not finished: begin again with an empty one.")
        try:
            Worker().run()
        except WrongKeys as error:
            raise CommandError(error) from None
