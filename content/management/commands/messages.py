from django.conf import settings
from django.core.management.base import BaseCommand

from content import messages


class Command(BaseCommand):
    help = "Brings crc_site/locale to the strings of code and templates; prints what is left to translate."

    def handle(self, *args, **options) -> None:
        for code, _name in settings.LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                missing = messages.update(code)
                self.stdout.write(
                    "\n".join([f"{code}: {len(missing)} to translate", *(f"  {text}" for text in missing)])
                )
