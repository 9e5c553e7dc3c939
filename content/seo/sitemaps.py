"""The sitemap: all public pages in every language, with links to their translations."""

import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

from content.library import library

if TYPE_CHECKING:
    from django.contrib.sites.models import Site
    from django.contrib.sites.requests import RequestSite

Entry = tuple[str, datetime.date | None]


class PublicPages(Sitemap):
    """An item is a path in the default language and the date its text last changed."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[Entry]:
        texts = library().texts_in(settings.LANGUAGE_CODE)
        newest = max(guide.changed for guide in texts.guides.values())
        with override(settings.LANGUAGE_CODE):
            lists = [(reverse("guides"), newest), (reverse("candidacy"), None), (reverse("questions"), None)]
        return [*((document.path, document.changed) for document in texts.public()), *lists]

    def location(self, entry: Entry) -> str:
        language = get_language()
        with override(settings.LANGUAGE_CODE):  # the entry's path resolves only in this language
            return translate_url(entry[0], language)

    def lastmod(self, entry: Entry) -> datetime.date | None:
        return entry[1]

    def get_domain(self, site: "Site | RequestSite | None" = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme
