from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from screening.inquiries import services
from screening.privacy.key_check import WrongKeys, prove_keys
from screening.worker import tasks


class Command(BaseCommand):
    help = (
        "Deletes what has expired: drafts after 24 hours, inquiries RETENTION_DAYS after the last contact except those "
        "on legal hold, sessions and links. The worker does the same every five minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        really_help = "also if more inquiries than usual are erased, or the clock has leapt"
        parser.add_argument("--really", action="store_true", help=really_help)

    def handle(self, *args: Any, really: bool, **options: Any) -> None:
        try:
            prove_keys()
        except WrongKeys as error:
            raise CommandError(error) from None
        for event, count in tasks.erase_expired(timezone.now()).items():
            self.stdout.write(f"{event}: {count}")
        try:
            self.stdout.write(f"inquiries purged: {services.purge(really=really)}")
        except services.PurgeStopped as stopped:
            raise CommandError(f"{stopped} None was erased; if it is right, run `purge --really`.") from None
