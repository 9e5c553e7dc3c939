"""The language of a page is the first part of its path; a first visit is never sent elsewhere by a header."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, translate_url
from django.utils import translation


def language_of(path: str) -> str:
    first = path.lstrip("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language_from_path(get_response):
    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def same_page_elsewhere(path: str) -> list[dict[str, str]]:
    """This page in the other languages: code, the language's own name for itself, and the address."""
    here = language_of(path)
    return [
        {
            "code": code,
            "name": translation.get_language_info(code)["name_local"].capitalize(),
            "href": href,
        }
        for code, _ in settings.LANGUAGES
        if code != here and (href := _same_page(path, code))
    ]


def _same_page(path: str, code: str) -> str | None:
    """The page's address in another language, or None where that language has no such page."""
    try:
        href = translate_url(path, code)
        with translation.override(code):
            resolve(href)
    except (Resolver404, ValueError):  # ValueError: a path such as //[ which is no address at all
        return None
    return href if language_of(href) == code else None
