"""URLs of the public pages. A slug is looked up in the library, never turned into a file path."""

from django.conf import settings
from django.urls import path, register_converter

from content import style_guide, views
from content.documents import Document, Guide, Page
from content.imaging import share_cards
from content.library import library
from content.search import views as search_views


class _Slug:
    """Matches the library's slugs; any other, or a language without texts, is a 404."""

    kind: str

    def to_python(self, value: str) -> Document:
        try:
            documents: dict[str, Document] = getattr(library().texts_in(), self.kind)
            return documents[value]
        except KeyError:
            raise ValueError from None

    def to_url(self, value: Document | str) -> str:
        return value if isinstance(value, str) else value.slug


class GuideSlug(_Slug):
    kind = "guides"
    regex = "[a-z0-9-]+"


class PageSlug(_Slug):
    kind = "pages"  # except home, which is at /
    regex = "(?!home/)[a-z0-9-]+(?:/[a-z0-9-]+)?"


class CardName:
    """A public page's path without outer slashes: ``guides/treatment-day``, ``home``."""

    regex = "[a-z0-9-]+(?:/[a-z0-9-]+)?"

    def to_python(self, value: str) -> Guide | Page:
        found = [document for document in library().texts_in().public() if self.to_url(document) == value]
        if not found:
            raise ValueError
        return found[0]

    def to_url(self, value: Guide | Page) -> str:
        return value.path.strip("/") or "home"


register_converter(GuideSlug, "guide")
register_converter(PageSlug, "page")
register_converter(CardName, "card")

urlpatterns = [
    path("", views.home, name="home"),
    path("find/", search_views.find, name="find"),
    path("guides/", views.guides, name="guides"),
    path("guides/<guide:document>/", views.guide, name="guide"),
    path("share/<card:document>.png", share_cards.share_card, name="share"),
    *([path("style/", style_guide.style_guide, name="style")] if settings.DEBUG else []),
    path("<page:document>/", views.page, name="page"),
]
