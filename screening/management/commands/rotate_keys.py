from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.privacy import key_rotation


class Command(BaseCommand):
    help = (
        "Re-encrypts every value with the newest of FIELD_KEYS while the site runs. If it is interrupted, run it "
        "again: it continues. INDEX_KEY is not rotated."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rotated = key_rotation.rotate()
        report = key_rotation.key_report()
        counts = f"Re-encrypted: {rotated}. Already encrypted with the newest key: {max(report.newest - rotated, 0)}."
        self.stdout.write(f"{counts} Could not be decrypted: {len(report.undecryptable)}.")
        self.stdout.write("".join(f"  {name}\n" for name in report.undecryptable), ending="")
        if report.undecryptable:
            raise CommandError("Keep all of FIELD_KEYS: they do not decrypt every value, so a key is missing.")
        if report.older:
            raise CommandError(f"Run it again: {report.older} values were held or written by other processes.")
        self.stdout.write(
            "Every value is encrypted with the newest key. Start web and worker with it and run this once more; "
            "then the older keys are needed only for older backups."
        )
