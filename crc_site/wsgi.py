"""The WSGI application. Content, questionnaire and settings are checked before the first request is taken."""

import os

from django.conf import settings
from django.core import checks
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")

django = get_wsgi_application()

from content.kept import KeptPages  # noqa: E402 (the content needs the application that was just set up)

serious = [str(message) for message in checks.run_checks() if message.is_serious()]
if serious:
    raise SystemExit("The site does not start:\n" + "\n".join(serious))

if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
    raise SystemExit("The site does not start: its static files are missing; run manage.py collectstatic.")

application = KeptPages(django)
