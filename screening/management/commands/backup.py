from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.backups import create
from screening.privacy.backup_directory import BackupError


class Command(BaseCommand):
    help = "Makes an encrypted backup of the database in BACKUP_DIR while the site runs, and drops the oldest."

    def handle(self, *args: Any, **options) -> None:
        try:
            made = create.create_backup()
        except BackupError as refused:
            raise CommandError(refused) from None
        self.stdout.write(f"{made.path}: {made.rows} rows, {made.size / 1_000_000:.1f} MB.")
