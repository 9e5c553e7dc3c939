from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from screening.worker import tasks


class Command(BaseCommand):
    help = (
        "Erases what its time is over for: drafts after 24 hours, inquiries RETENTION_DAYS after the last contact but "
        "for those on legal hold, ended sessions and links. The worker does the same every five minutes."
    )

    def handle(self, *args: Any, **options) -> None:
        for what, count in tasks.erase_expired(timezone.now()).items():
            self.stdout.write(f"{what}: {count}")
