from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from content import message_catalogs


class Command(BaseCommand):
    help = "Updates crc_site/locale to the strings of code and templates; prints the untranslated ones."

    def handle(self, *args: Any, **options: Any) -> None:
        for code, _name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                missing = message_catalogs.update_catalog(code)
                self.stdout.write(
                    "\n".join([f"{code}: {len(missing)} to translate", *(f"  {text}" for text in missing)])
                )
