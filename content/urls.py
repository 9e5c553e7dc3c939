"""Addresses of the public pages. A slug is looked up in the library, never turned into a file's path."""

from django.urls import path, register_converter

from content import views
from content.documents import Document
from content.library import library


class _Slug:
    """Matches only what the library holds, so that everything else is a plain 404."""

    kind: str

    def to_python(self, value: str) -> Document:
        try:
            return getattr(library().shelf(), self.kind)[value]
        except KeyError:
            raise ValueError from None

    def to_url(self, value: Document | str) -> str:
        return value if isinstance(value, str) else value.slug


class GuideSlug(_Slug):
    kind = "guides"
    regex = "[a-z0-9-]+"


class PageSlug(_Slug):
    kind = "pages"
    regex = "[a-z0-9-]+(?:/[a-z0-9-]+)?"


register_converter(GuideSlug, "guide")
register_converter(PageSlug, "page")

urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", views.guides, name="guides"),
    path("guides/<guide:document>/", views.guide, name="guide"),
    path("<page:document>/", views.page, name="page"),
]
