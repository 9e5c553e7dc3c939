from typing import Any

from django.core.management.commands import migrate

from screening.management.migration_lock import migration_lock


class Command(migrate.Command):
    """Django's command, under a lock, so that two that start at one moment run one after the other."""

    def handle(self, *args: Any, **options: Any) -> None:
        with migration_lock(options["database"], self._say_that_it_waits):
            super().handle(*args, **options)

    def _say_that_it_waits(self) -> None:
        self.stdout.write("Another process is migrating this database: waiting for it.")
        self.stdout.flush()
