"""Adds the header and footer menus to templates."""

from django.conf import settings
from django.http import HttpRequest

from content.checks import find_problems
from content.documents import ContentError, Problem
from content.library import Library, library

_checked: tuple[Library | None, list[Problem]] = (None, [])


def menus(request: HttpRequest) -> dict:
    found = library()
    if settings.DEBUG:
        _raise_problems(found)
    pages = list(found.texts_in().pages.values())
    return {
        "header_pages": [page for page in pages if page.meta.get("menu") == "header"],
        "footer_pages": [page for page in pages if page.meta.get("menu") in {"header", "footer"}],
    }


def _raise_problems(found: Library) -> None:
    """With DEBUG, show on every page the problems that the check reports at start."""
    global _checked
    if _checked[0] is not found:
        _checked = (found, list(find_problems(found)))
    if _checked[1]:
        raise ContentError(_checked[1])
