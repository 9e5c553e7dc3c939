"""The yardstick: a WSGI application that does nothing but answer with bytes it has, as many as the page's."""

import os

_BODY = b"x" * int(os.environ.get("BARE_SIZE", "0"))
_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(_BODY)))]


def application(environ, start_response):
    start_response("200 OK", _HEADERS)
    return [_BODY]
