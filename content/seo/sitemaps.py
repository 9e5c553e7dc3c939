"""The public pages for search engines, in every language, each beside its counterparts."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

from content.library import library

Entry = tuple[str, datetime.date | None]


class PublicPages(Sitemap):
    """An entry is an address in the first language and the day its text last changed."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> list[Entry]:
        shelf = library().shelf(settings.LANGUAGE_CODE)
        newest = max(guide.changed for guide in shelf.guides.values())
        with override(settings.LANGUAGE_CODE):
            lists = [(reverse("guides"), newest), (reverse("candidacy"), None), (reverse("questions"), None)]
        return [*((document.path, document.changed) for document in shelf.public()), *lists]

    def location(self, entry: Entry) -> str:
        language = get_language()
        with override(settings.LANGUAGE_CODE):  # in which the entry's address is one
            return translate_url(entry[0], language)

    def lastmod(self, entry: Entry) -> datetime.date | None:
        return entry[1]

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme
