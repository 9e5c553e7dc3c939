"""The menus, made of the pages that the clinic has written."""

from django.http import HttpRequest

from content.library import library


def menus(request: HttpRequest) -> dict:
    pages = list(library().shelf().pages.values())
    return {
        "header_pages": [page for page in pages if page.meta.get("menu") == "header"],
        "footer_pages": [page for page in pages if page.meta.get("menu") in {"header", "footer"}],
    }
