"""Sets a page's language from the first part of its path; Accept-Language is ignored.

Staff's pages have one URL each; their language is in a cookie, chosen on that device.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, translate_url
from django.utils import translation


def language_of(path: str) -> str:
    first = path.lstrip("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def is_for_staff(path: str) -> bool:
    return path.startswith(("/admin/", "/staff/"))


def _language_for(request: HttpRequest) -> str:
    if not is_for_staff(request.path):
        return language_of(request.path)
    chosen = request.COOKIES.get(settings.STAFF_LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language_from_path(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        language = _language_for(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def languages_for_staff(path: str) -> list[dict[str, str]]:
    """Code and native name of every other language for a staff page; empty for other pages."""
    others = [code for code, _ in settings.LANGUAGES if code != translation.get_language()]
    return [{"code": code, "name": _own_name(code)} for code in others] if is_for_staff(path) else []


def _own_name(code: str) -> str:
    return str(translation.get_language_info(code)["name_local"]).capitalize()


def translated_path(path: str, query: str = "") -> list[dict[str, str]]:
    """The page in the other languages: code, native name and ``href``."""
    here = language_of(path)
    return [
        {
            "code": code,
            "name": _own_name(code),
            "href": href + query,
        }
        for code, _ in settings.LANGUAGES
        if code != here and (href := _same_page(path, code))
    ]


def _same_page(path: str, code: str) -> str | None:
    """The page's path in another language, or None if that language has no such page."""
    try:
        href = translate_url(path, code)
        with translation.override(code):
            resolve(href)
    except (Resolver404, ValueError):  # ValueError: an invalid path such as //[
        return None
    return href if language_of(href) == code else None
