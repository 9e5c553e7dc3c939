import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from screening.management.status_report import status_lines


class Command(BaseCommand):
    help = (
        "Tells how the site stands: release, database, worker, oldest unsent mail, last backup, overdue inquiries. "
        "A line that begins with ! needs a person; then the exit code is 1."
    )
    requires_system_checks = ()

    def handle(self, *args: Any, **options) -> None:
        told = list(status_lines(timezone.now()))
        width = max(len(line.subject) for line in told)
        for line in told:
            self.stdout.write(f"{'!' if line.needs_a_person else ' '} {line.subject:<{width}}  {line.text}")
        if any(line.needs_a_person for line in told):
            sys.exit(1)
