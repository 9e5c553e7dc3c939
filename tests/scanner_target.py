"""The site for somebody else's scanner: as it is served, without what would keep a program from reaching its forms.

Each request comes as if from another client, so that no limit and no pause hides a form; a form's token is not asked
for; and SCAN_COOKIES names a file with the cookies of somebody who is in the middle of something. docs/security.md
says how it is used.
"""

import os
import random
from pathlib import Path

from crc_site import wsgi

wsgi.Utf8Request._dont_enforce_csrf_checks = True
COOKIES = os.environ.get("SCAN_COOKIES")


def application(environ, start_response):
    environ["HTTP_X_FORWARDED_FOR"] = f"203.0.{random.randrange(256)}.{random.randrange(1, 255)}"
    if COOKIES:
        environ["HTTP_COOKIE"] = Path(COOKIES).read_text(encoding="utf-8")
    return wsgi.application(environ, start_response)
