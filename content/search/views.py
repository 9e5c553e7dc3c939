"""The page of the search. Nothing of a query is logged, stored or cached."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from content.documents import Guide, Page
from content.library import library
from content.search.excerpts import Part, excerpt_of
from content.search.index import Found, SearchIndex, index_of
from content.shelves import shelves_of

LONGEST_QUERY = 100  # characters; the rest is left out


@dataclass(frozen=True)
class Result:
    document: Guide | Page
    heading: str
    href: str
    excerpt: list[Part]


@require_safe
@cache_control(private=True, no_store=True)
def find(request: HttpRequest) -> HttpResponse:
    query = _clean(request.GET.get("q", ""))
    texts = library().texts_in()
    index = index_of(texts)
    results = [_result(found, index) for found in index.find(query)]
    suggested = [] if results else [shelf.guides[0] for shelf in shelves_of(texts.guides.values())]
    return render(request, "content/find.html", {"query": query, "results": results, "suggested": suggested})


def _clean(raw: str) -> str:
    """One line of printable characters."""
    printable = (sign if sign.isprintable() else " " for sign in raw[:LONGEST_QUERY])
    return " ".join("".join(printable).split())


def _result(found: Found, index: SearchIndex) -> Result:
    document, anchor = found.passage.document, found.passage.anchor
    href = f"{reverse('home').rstrip('/')}{document.path}{anchor and f'#{anchor}'}"
    return Result(document, found.passage.heading, href, excerpt_of(found, index.stemmer))
