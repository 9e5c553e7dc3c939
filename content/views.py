"""The public pages; cacheable, since they use no cookie, session or database."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from content.documents import Guide, Page
from content.library import library
from content.shelves import in_reading_order, next_guide, shelves_of

TEAM_PAGE = "about/medical-team"  # ends with the profiles
QUESTIONS_GUIDE = "questions-for-your-doctor"  # every printed guide ends with its most useful questions

public = cache_control(public=True, max_age=300)


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "content/home.html", {"document": library().texts_in().pages["home"]})


@require_safe
@public
def guides(request: HttpRequest) -> HttpResponse:
    found = library().texts_in().guides.values()
    return render(request, "content/guides.html", {"shelves": shelves_of(found), "guides": in_reading_order(found)})


@require_safe
@public
def guide(request: HttpRequest, document: Guide) -> HttpResponse:
    texts = library().texts_in()
    following = next_guide(document, texts.guides.values())
    named = [texts.guides[slug] for slug in document.meta.get("related", []) if slug in texts.guides]
    context = {
        "document": document,
        "next_guide": following,
        "related": [guide for guide in named if guide != following],
        "questions": texts.guides.get(QUESTIONS_GUIDE),
    }
    return render(request, "content/guide.html", context)


@require_safe
@public
def page(request: HttpRequest, document: Page) -> HttpResponse:
    team = library().texts_in().team.values() if document.slug == TEAM_PAGE else ()
    return render(request, "content/page.html", {"document": document, "team": team})


@require_safe
@public
def robots(request: HttpRequest) -> HttpResponse:
    """Disallow only the desk; question pages send noindex themselves."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
