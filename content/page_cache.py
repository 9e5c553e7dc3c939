"""WSGI cache of the public pages as bytes (plain, gzip, brotli); other requests pass on to Django.

Django renders each page once, at start; a compressed form is made when it is first asked for, since all of them would
take a quarter of the start. A cached response has the same headers and the same log line.
"""

import gzip
import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import brotli
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.translation import override

from content.library import library
from crc_site.observability import logs

Headers = list[tuple[str, str]]
Application = Callable[[dict, Callable], HttpResponseBase]

# Set per encoding, not copied from Django's response.
_PER_ENCODING_HEADERS = {"content-length", "vary", "etag"}

_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": partial(gzip.compress, mtime=0),
    "br": partial(brotli.compress, quality=10),
}


class Answers(dict[str, tuple[bytes, Headers]]):
    """Body and headers by encoding ("br", "gzip" or ""), compressed at the first request for each."""

    def __init__(self, body: bytes, headers: Headers, digest: str):
        super().__init__()
        self._body, self._headers, self._digest = body, headers, digest

    def __missing__(self, encoding: str) -> tuple[bytes, Headers]:
        body = _COMPRESS[encoding](self._body)
        entity = [("ETag", f'"{self._digest}{encoding}"'), ("Content-Length", str(len(body)))]
        if encoding:
            entity.append(("Content-Encoding", encoding))
        answer = self[encoding] = body, [*self._headers, *entity]
        return answer


@dataclass(frozen=True)
class CachedPage:
    """A page: its route name, a hash of its body, and its answers."""

    route: str
    digest: str
    answers: Answers


class PageCache:
    """A WSGI application in front of Django's. With DEBUG it caches nothing, so changes show at once."""

    def __init__(self, django: Application):
        self.django = django
        with _request_log_disabled():
            self.pages = {} if settings.DEBUG else {path: _render(django, path) for path in public_paths()}

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        page = self.pages.get(environ["PATH_INFO"])
        method = environ["REQUEST_METHOD"]
        if page is None or method not in ("GET", "HEAD") or not _is_cacheable_request(environ):
            return self.django(environ, start_response)
        started = time.perf_counter()
        body, headers = page.answers[_accepted_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        if page.digest in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", _without_entity_headers(headers))
            logs.request_line(method, page.route, 304, started)
            return []
        start_response("200 OK", headers)
        logs.request_line(method, page.route, 200, started)
        return [] if method == "HEAD" else [body]


def public_paths() -> Iterator[str]:
    """The paths of all public pages in every language."""
    for language, texts in library().by_language.items():
        with override(language):
            yield reverse("home")
            yield reverse("guides")
            yield from (reverse("guide", args=[guide]) for guide in texts.guides.values())
            yield from (reverse("page", args=[page]) for page in texts.pages.values() if page.slug != "home")


def _render(django: Application, path: str) -> CachedPage:
    """Request a page from Django. Raises RuntimeError if the response cannot be cached."""
    site = urlsplit(settings.SITE_URL)
    environ = {"PATH_INFO": path, "HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip("."), "wsgi.url_scheme": site.scheme}
    setup_testing_defaults(environ)
    answer: dict[str, Any] = {}

    def start_response(status: str, headers: Headers, exc_info: object = None) -> None:
        answer.update(status=status, headers=headers)

    response = django(environ, start_response)
    body = b"".join(response)
    response.close()
    names = {name.lower() for name, _ in answer["headers"]}
    if answer["status"] != "200 OK" or "set-cookie" in names:
        raise RuntimeError(f"{path} cannot be cached: {answer['status']}")
    headers = [(name, value) for name, value in answer["headers"] if name.lower() not in _PER_ENCODING_HEADERS]
    headers.append(("Vary", "Accept-Encoding"))
    digest = hashlib.sha256(body).hexdigest()[:32]
    return CachedPage(resolve(path).view_name, digest, Answers(body, headers, digest))


def _without_entity_headers(headers: Headers) -> Headers:
    return [header for header in headers if header[0] not in ("Content-Length", "Content-Encoding")]


def _is_cacheable_request(environ: dict) -> bool:
    """Whether Django would serve the page: the host is allowed and no redirect to https is due."""
    if settings.SECURE_SSL_REDIRECT and environ["wsgi.url_scheme"] != "https":
        return False
    return _is_allowed_host(environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=256)
def _is_allowed_host(host: str, allowed: tuple[str, ...]) -> bool:
    name, _port = split_domain_port(host)
    return bool(name) and validate_host(name, allowed)


@lru_cache(maxsize=256)
def _accepted_encoding(accepted: str) -> str:
    """The smallest encoding that the browser accepts; q=0 refuses one."""
    offers = {part.replace(" ", "") for part in accepted.lower().split(",")}
    names = {offer.partition(";")[0] for offer in offers if not offer.endswith((";q=0", ";q=0.0", ";q=0.00"))}
    return "br" if "br" in names else "gzip" if "gzip" in names else ""


@contextmanager
def _request_log_disabled() -> Iterator[None]:
    """Filling the cache writes no request lines."""
    requests = logging.getLogger("crc.requests")
    requests.disabled = True
    try:
        yield
    finally:
        requests.disabled = False
