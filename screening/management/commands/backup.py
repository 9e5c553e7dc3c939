from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.backups import create
from screening.privacy.backup_directory import BackupError
from screening.privacy.key_check import WrongKeys


class Command(BaseCommand):
    help = (
        "Creates an encrypted backup of the database in BACKUP_DIR while the site runs, restores it on trial, and "
        "deletes old ones."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            backup = create.create_backup()
        except (BackupError, WrongKeys) as error:
            raise CommandError(error) from None
        self.stdout.write(f"{backup.path}: {backup.rows} rows, {backup.size / 1_000_000:.1f} MB.")
        if backup.problem:
            raise CommandError(f"It could not be restored on trial: {backup.problem}")
        self.stdout.write(f"Restored on trial in {backup.proven_in:.1f} seconds.")
