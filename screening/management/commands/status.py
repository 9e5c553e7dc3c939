import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from screening.management.status_report import status_lines


class Command(BaseCommand):
    help = (
        "Prints the status of the site: release, database, worker, oldest unsent mail, last backup, overdue inquiries. "
        "A line that begins with ! needs a person; the exit code is then 1."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the same lines as JSON, for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = list(status_lines(timezone.now()))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(line) for line in lines], indent=2))
        else:
            width = max(len(line.subject) for line in lines)
            for line in lines:
                self.stdout.write(f"{'!' if line.needs_attention else ' '} {line.subject:<{width}}  {line.text}")
        if any(line.needs_attention for line in lines):
            sys.exit(1)
