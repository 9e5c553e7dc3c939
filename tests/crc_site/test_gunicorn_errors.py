"""Malformed requests over a socket: gunicorn answers itself, with the security headers, and repeats no input."""

import socket
from http.client import HTTPResponse

import pytest

from crc_site.gunicorn_errors import ERROR_HEADERS
from tests.crc_site.expected_headers import HEADERS

pytestmark = pytest.mark.server

WORD = "Zyxcanary"
BROKEN = {
    "no request line": (f"{WORD} without sense\r\n\r\n", 400),
    "a method of signs": (f"G{WORD.lower()} / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "a version that is none": (f"GET /{WORD} HTTP/{WORD}\r\n\r\n", 400),
    "a line too long": (f"GET /{WORD * 1000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
    "a header too long": (f"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: {WORD * 1000}\r\n\r\n", 431),
    "a header that is none": (f"GET / HTTP/1.1\r\nHost: localhost\r\nX {WORD}: 1\r\n\r\n", 400),
    "a coding that nobody knows": (f"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {WORD}\r\n\r\n", 501),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_malformed_request_is_refused_with_the_security_headers(site, name):
    sent, status = BROKEN[name]
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as line:
        line.sendall(sent.encode())
        answer = HTTPResponse(line)
        answer.begin()
        text = answer.read().decode()
    assert answer.status == status
    assert {header: answer.headers.get(header) for header in ERROR_HEADERS} == ERROR_HEADERS
    assert set(HEADERS) <= set(ERROR_HEADERS)
    assert WORD.lower() not in text.lower() + str(answer.headers).lower()
    assert WORD.lower() not in site.log.lower()
