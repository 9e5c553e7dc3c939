from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.backups import restore
from screening.backups.restore import Report
from screening.privacy.backup_directory import BackupError


class Command(BaseCommand):
    help = (
        "Restores a backup into the empty database of DATABASE_URL, applies the erasure log, and reports row counts "
        "by table and whether every encrypted value can be decrypted."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="the file with the private key of one of BACKUP_RECIPIENTS")
        log_help = "the newest erasure log; by default, the one beside the file"
        parser.add_argument("--erasure-log", type=Path, help=log_help)

    def handle(self, *args: Any, file: Path, erasure_log: Path | None, identity: Path | None, **options: Any) -> None:
        try:
            report = restore.restore(file, erasure_log, identity)
        except BackupError as error:
            raise CommandError(error) from None
        self.stdout.write("\n".join(_report_lines(report)))
        if not report.is_proven:
            raise CommandError("The restored database differs from the backup: see above.")
        self.stdout.write("Restored.")


def _report_lines(report: Report) -> Iterator[str]:
    for table, rows in report.rows.items():
        yield f"{rows:>10}  {table}" + ("  DIFFERENT NUMBER NOW" if table in report.differing else "")
    yield from (f"{'':>10}  {table}  NOT IN THE BACKUP" for table in report.differing if table not in report.rows)
    yield f"Erased again by the erasure log: {report.reapplied.erased}. On legal hold: {report.reapplied.held}."
    yield f"Erased at the end of retention: {report.purged}."
    if report.purge_stopped:
        yield f"  Not erased: {report.purge_stopped}"
    readable = report.keys.newest + report.keys.older
    yield f"Encrypted values that can be decrypted: {readable} of {readable + len(report.keys.undecryptable)}."
    yield from (f"  {name}" for name in report.keys.undecryptable)
