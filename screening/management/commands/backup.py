from django.core.management.base import BaseCommand, CommandError

from screening.inquiries.backups import making
from screening.inquiries.backups.folder import Refused


class Command(BaseCommand):
    help = "Makes an encrypted backup of the database in BACKUP_DIR while the site runs, and drops the oldest."

    def handle(self, *args, **options) -> None:
        try:
            made = making.back_up()
        except Refused as refused:
            raise CommandError(refused) from None
        self.stdout.write(f"{made.path}: {made.rows} rows, {made.size / 1_000_000:.1f} MB.")
