from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from screening.worker import tasks


class Command(BaseCommand):
    help = (
        "Deletes what has expired: drafts after 24 hours, inquiries RETENTION_DAYS after the last contact except those "
        "on legal hold, sessions and links. The worker does the same every five minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for event, count in tasks.erase_expired(timezone.now()).items():
            self.stdout.write(f"{event}: {count}")
