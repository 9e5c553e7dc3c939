from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.privacy import key_rotation


class Command(BaseCommand):
    help = (
        "Seals every value with the newest of FIELD_KEYS, while the site runs. It may be ended and run again: it goes "
        "on where it was. INDEX_KEY stays."
    )

    def handle(self, *args: Any, **options) -> None:
        resealed = key_rotation.rotate()
        found = key_rotation.key_report()
        told = f"Sealed anew: {resealed}. Already sealed with the newest key: {max(found.newest - resealed, 0)}."
        self.stdout.write(f"{told} Could not be opened: {len(found.unopened)}.")
        self.stdout.write("".join(f"  {named}\n" for named in found.unopened), ending="")
        if found.unopened:
            raise CommandError("Keep all of FIELD_KEYS: they do not open every value, so a key is missing already.")
        if found.older:
            raise CommandError(f"Run it again: {found.older} values were held or sealed by others meanwhile.")
        self.stdout.write(
            "Every value is sealed with the newest key. Start web and worker with it and run this once more; "
            "then the older keys are needed only for backups that were made before."
        )
