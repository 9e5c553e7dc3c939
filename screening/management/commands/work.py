from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from screening.backups.restore_marker import is_restore_unfinished
from screening.worker.process import Worker


class Command(BaseCommand):
    help = "Sends the letters that are due, erases what is over, makes backups, until SIGTERM. Several may run at once."

    # What it makes itself; gunicorn, which is started with it, has checked all the rest and holds its memory anyway.
    requires_system_checks = ("backups",)

    def handle(self, *args: Any, **options) -> None:
        with suppress(DatabaseError, InterfaceError):  # a database that is away is waited for
            if is_restore_unfinished():
                raise CommandError("A restore into this database was not finished: begin again with an empty one.")
        Worker().run()
