"""The WSGI application. System checks run before it accepts requests."""

import gc
import os

import django
from django.conf import settings
from django.core import checks
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import Error, connection
from django.utils import timezone

# What the start makes stays, so looking for garbage among it would be a tenth of the start for nothing.
gc.disable()

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crc_site.settings")
django.setup()

errors = [str(message) for message in checks.run_checks() if message.is_serious()]
if errors:
    raise SystemExit("The site does not start:\n" + "\n".join(errors))

if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").is_file():
    raise SystemExit("The site does not start: its static files are missing; run manage.py collectstatic.")

from content.library import library  # noqa: E402 (needs django.setup())
from content.page_cache import PageCache  # noqa: E402
from content.search.index import index_of  # noqa: E402
from screening.inquiries import business_days  # noqa: E402
from screening.privacy.key_check import WrongKeys, prove_keys  # noqa: E402

try:
    prove_keys()
except WrongKeys as error:
    raise SystemExit(f"The site does not start: {error}") from None
except Error:
    pass  # /readyz looks again once the database is there; guides are shown without it
finally:
    connection.close()  # a connection must not be shared after forking

# Loads the holiday calendar once, before forking, not while a patient sends an inquiry.
business_days.next_working_morning(timezone.now())
# Likewise the search, which reads every page; with DEBUG at the first search.
for texts in [] if settings.DEBUG else library().by_language.values():
    index_of(texts)


class Utf8Request(WSGIRequest):
    """Decodes as UTF-8 whatever charset a client names: another could produce text that cannot be stored."""

    encoding = property(lambda self: None, lambda self, charset: None)


class Handler(WSGIHandler):
    request_class = Utf8Request


application = PageCache(Handler())

# Nor does the collector write to it later, so gunicorn's processes go on sharing its memory.
gc.freeze()
gc.enable()
