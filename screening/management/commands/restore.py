from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.backups import restore
from screening.backups.restore import Report
from screening.privacy.backup_directory import BackupError


class Command(BaseCommand):
    help = (
        "Restores a backup into the empty database that DATABASE_URL names, erases again whom the ledger of erasures "
        "names, and reports: rows of each table, and whether every sealed value opens."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="the file with the private key of one of BACKUP_RECIPIENTS")
        parser.add_argument("--ledger", type=Path, help="the newest ledger, if it does not lie beside the file")

    def handle(self, *args: Any, file: Path, ledger: Path | None, identity: Path | None, **options) -> None:
        try:
            report = restore.restore(file, ledger, identity)
        except BackupError as refused:
            raise CommandError(refused) from None
        self.stdout.write("\n".join(_told(report)))
        if not report.is_proven:
            raise CommandError("The restored database is not as it was: see above.")
        self.stdout.write("Restored.")


def _told(report: Report):
    for table, rows in report.rows.items():
        yield f"{rows:>10}  {table}" + ("  NOW ANOTHER NUMBER" if table in report.differing else "")
    yield from (f"{'':>10}  {table}  NOT IN THE BACKUP" for table in report.differing if table not in report.rows)
    yield f"Erased again by the ledger: {report.replayed.erased}. On legal hold: {report.replayed.held}."
    yield f"Erased because their time is over: {report.purged}."
    opened = report.sealed.newest + report.sealed.older
    yield f"Sealed values that open: {opened} of {opened + len(report.sealed.unopened)}."
    yield from (f"  {named}" for named in report.sealed.unopened)
