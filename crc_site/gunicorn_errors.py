"""gunicorn's own response to an invalid request: plain text with the same security headers."""

import socket

from gunicorn.util import write_nonblock

from crc_site.middleware.security_headers import HEADERS

ERROR_HEADERS = HEADERS | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Replaces gunicorn's function, whose page repeats input and lacks the headers; ``message`` is not shown."""
    body = f"{reason}\n".encode("latin-1")
    headers = {"Connection": "close", "Content-Type": "text/plain", "Content-Length": str(len(body))} | ERROR_HEADERS
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    write_nonblock(sock, "\r\n".join(lines).encode("latin-1") + body)
