"""JSON-LD of pages for search engines (schema.org); it states nothing that the page does not."""

import json
from collections.abc import Collection

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from content.documents import Guide, Page

_SCRIPT_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def for_document(document: Guide | Page, path: str) -> SafeString:
    """The JSON-LD of a public page, as a data block that browsers do not execute."""
    page = _page("MedicalWebPage", document.title, document.description, path)
    page |= {"dateModified": document.changed.isoformat(), "audience": {"@type": "Patient"}}
    trail = [(gettext("Guides"), reverse("guides"))] if isinstance(document, Guide) else []
    trail.append((document.short, path))
    return _script(page, trail if document.slug != "home" else [])


def for_listing(title: str, description: str, path: str, guides: Collection[Guide]) -> SafeString:
    """The JSON-LD of a page without a document: the list of guides, the start of the questionnaire."""
    page = _page("CollectionPage" if guides else "WebPage", title, description, path)
    if guides:
        listed = [(guide.title, reverse("guide", args=[guide])) for guide in guides]
        page["mainEntity"] = {"@type": "ItemList", "itemListElement": _items(listed)}
    return _script(page, [(title, path)])


def _script(page: dict, trail: list[tuple[str, str]]) -> SafeString:
    graph = [page, _clinic(), *([_breadcrumbs(trail)] if trail else [])]
    data = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(f'<script type="application/ld+json">{data.translate(_SCRIPT_ESCAPES)}</script>')


def _page(kind: str, title: str, description: str, path: str) -> dict:
    return {
        "@type": kind,
        "@id": f"{settings.SITE_URL}{path}",
        "url": f"{settings.SITE_URL}{path}",
        "name": title,
        "description": description,
        "inLanguage": get_language(),
        "publisher": {"@id": f"{settings.SITE_URL}/#clinic"},
    }


def _clinic() -> dict:
    """The clinic from the settings; unset values are left out."""
    known = {
        "legalName": settings.CLINIC_LEGAL_NAME,
        "telephone": settings.CLINIC_PHONE,
        "email": settings.CLINIC_EMAIL,
        "address": settings.CLINIC_ADDRESS,
        "hasMap": settings.CLINIC_MAP_URL,
        "openingHours": settings.CLINIC_HOURS,
    }
    clinic = {
        "@type": "MedicalClinic",
        "@id": f"{settings.SITE_URL}/#clinic",
        "name": settings.CLINIC_NAME,
        "alternateName": settings.CLINIC_SHORT_NAME,
        "url": f"{settings.SITE_URL}/",
    }
    return clinic | {name: value for name, value in known.items() if value}


def _breadcrumbs(trail: list[tuple[str, str]]) -> dict:
    """Breadcrumbs from the home page along ``trail``, pairs of name and path."""
    return {"@type": "BreadcrumbList", "itemListElement": _items([(settings.CLINIC_NAME, reverse("home")), *trail])}


def _items(named: list[tuple[str, str]]) -> list[dict]:
    return [
        {"@type": "ListItem", "position": position, "name": name, "item": f"{settings.SITE_URL}{address}"}
        for position, (name, address) in enumerate(named, 1)
    ]
