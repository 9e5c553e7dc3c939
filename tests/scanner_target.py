"""The site as a WSGI application for a vulnerability scanner, without the protections that stop one.

Each request gets a random client address, so that no rate limit or lockout applies; CSRF tokens are not checked;
SCAN_COOKIES names a file with the cookies of a visitor with a draft. See docs/security.md.
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
