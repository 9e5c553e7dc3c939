"""Public pages kept as bytes (plain, gzip, brotli) and answered in front of Django; all else passes on to it.

A page is kept as Django itself answers it, once, at the start: the same headers, and the same line in the log.
"""

import gzip
import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

import brotli
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import resolve, reverse
from django.utils.translation import override

from content.library import library
from crc_site.observability import logs

Headers = list[tuple[str, str]]
Application = Callable[[dict, Callable], Iterable[bytes]]

# Django writes these anew for every answer; here they depend on the coding.
_PER_ENCODING_HEADERS = {"content-length", "vary", "etag"}


@dataclass(frozen=True)
class CachedPage:
    """One page: its route's name, and its bytes and headers by coding ("br", "gzip" and "")."""

    route: str
    digest: str
    answers: dict[str, tuple[bytes, Headers]]


class PageCache:
    """A WSGI application in front of Django's. With DEBUG it keeps nothing, so that a change shows at once."""

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
    """The address of every page that is the same for everybody, in every language."""
    for language, shelf in library().shelves.items():
        with override(language):
            yield reverse("home")
            yield reverse("guides")
            yield from (reverse("guide", args=[guide]) for guide in shelf.guides.values())
            yield from (reverse("page", args=[page]) for page in shelf.pages.values() if page.slug != "home")


def _render(django: Application, path: str) -> CachedPage:
    """Ask Django for the page as a visitor would, and keep the answer."""
    site = urlsplit(settings.SITE_URL)
    environ = {"PATH_INFO": path, "HTTP_HOST": settings.ALLOWED_HOSTS[0].lstrip("."), "wsgi.url_scheme": site.scheme}
    setup_testing_defaults(environ)
    answer: dict = {}

    def start_response(status: str, headers: Headers, exc_info=None) -> None:
        answer.update(status=status, headers=headers)

    response = django(environ, start_response)
    body = b"".join(response)
    response.close()
    names = {name.lower() for name, _ in answer["headers"]}
    if answer["status"] != "200 OK" or "set-cookie" in names:
        raise RuntimeError(f"{path} is not a page to keep: {answer['status']}")
    headers = [(name, value) for name, value in answer["headers"] if name.lower() not in _PER_ENCODING_HEADERS]
    headers.append(("Vary", "Accept-Encoding"))
    digest = hashlib.sha256(body).hexdigest()[:32]
    bodies = {"": body, "gzip": gzip.compress(body, mtime=0), "br": brotli.compress(body, quality=9)}
    answers = {
        coding: (bytes_, [*headers, *_encoding_headers(coding, bytes_, digest)]) for coding, bytes_ in bodies.items()
    }
    return CachedPage(resolve(path).view_name, digest, answers)


def _encoding_headers(coding: str, body: bytes, digest: str) -> Headers:
    """The headers that depend on how the page is coded."""
    named = [("ETag", f'"{digest}{coding}"'), ("Content-Length", str(len(body)))]
    return [*named, ("Content-Encoding", coding)] if coding else named


def _without_entity_headers(headers: Headers) -> Headers:
    return [header for header in headers if header[0] not in ("Content-Length", "Content-Encoding")]


def _is_cacheable_request(environ: dict) -> bool:
    """Whether Django would answer with the page: the host is ours, and the visitor need not be led to https."""
    if settings.SECURE_SSL_REDIRECT and environ["wsgi.url_scheme"] != "https":
        return False
    return _is_allowed_host(environ.get("HTTP_HOST", ""), tuple(settings.ALLOWED_HOSTS))


@lru_cache(maxsize=256)
def _is_allowed_host(host: str, allowed: tuple[str, ...]) -> bool:
    name, _port = split_domain_port(host)
    return bool(name) and validate_host(name, allowed)


@lru_cache(maxsize=256)
def _accepted_encoding(accepted: str) -> str:
    """The smallest coding that the browser takes; a coding it refuses (q=0) is not one."""
    offers = {part.replace(" ", "") for part in accepted.lower().split(",")}
    names = {offer.partition(";")[0] for offer in offers if not offer.endswith((";q=0", ";q=0.0", ";q=0.00"))}
    return "br" if "br" in names else "gzip" if "gzip" in names else ""


@contextmanager
def _request_log_disabled() -> Iterator[None]:
    """Keeping is nobody's visit, so it leaves no line in the log."""
    requests = logging.getLogger("crc.requests")
    requests.disabled = True
    try:
        yield
    finally:
        requests.disabled = False
