"""The WSGI application. Settings, texts and questionnaire are checked before the first request is taken."""

import os

import django
from django.conf import settings
from django.core import checks
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
django.setup()

serious = [str(message) for message in checks.run_checks() if message.is_serious()]
if serious:
    raise SystemExit("The site does not start:\n" + "\n".join(serious))

if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
    raise SystemExit("The site does not start: its static files are missing; run manage.py collectstatic.")

from content.page_cache import PageCache  # noqa: E402 (needs the applications that were just set up)
from screening.inquiries import business_days  # noqa: E402

business_days.next_working_morning(
    timezone.now()
)  # the calendar of holidays is read once for all processes, not at a Send


class Utf8Request(WSGIRequest):
    """Everything is UTF-8, whatever charset a client names: another one could smuggle in what cannot be stored."""

    encoding = property(lambda self: None, lambda self, charset: None)


class Handler(WSGIHandler):
    request_class = Utf8Request


application = PageCache(Handler())
