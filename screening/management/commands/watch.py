import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.utils import timezone

from screening.management import watch
from screening.management.status_report import status_lines
from screening.models import CheckResult


class Command(BaseCommand):
    help = (
        "Looks at the status, and tells STAFF_NOTIFY_TO or WATCH_COMMAND, once, of what needs a person, and when it "
        "is well again. A timer runs it every five minutes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("memory", type=Path, help="a file for what was told already")
        parser.add_argument("--every", type=int, metavar="SECONDS", help="look again and again, until SIGTERM")

    def handle(self, *args: Any, memory: Path, every: int | None, **options: Any) -> None:
        while every:
            try:
                self._look(memory)
            except CommandError as error:
                self.stderr.write(str(error))
            connection.close()
            time.sleep(every)
        self._look(memory)

    def _look(self, memory: Path) -> None:
        # Without a database the look is not recorded, and the missing database is told.
        with suppress(Error):
            CheckResult.record(CheckResult.WATCH, timezone.now())
        known = watch.read_known(memory)
        change = watch.change_since(known, list(status_lines(timezone.now())))
        if not change.wrong and not change.well:
            return
        try:
            watch.tell(change)
            watch.write_known(memory, watch.still_known(known, change))
        except (OSError, subprocess.SubprocessError) as error:
            # Not remembered, so that the next look tells it.
            raise CommandError(f"Nobody could be told: {type(error).__name__}.") from error
        self.stdout.write(f"Told: {len(change.wrong)} wrong, {len(change.well)} well again.")
