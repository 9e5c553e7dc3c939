"""The reference for pages: a WSGI application that returns a fixed body of the page's size."""

import os

_BODY = b"x" * int(os.environ.get("BARE_SIZE", "0"))
_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(_BODY)))]


def application(environ, start_response):
    start_response("200 OK", _HEADERS)
    return [_BODY]
