"""Pages told to search engines in schema.org's words; nothing is said here that the page does not say."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from content.documents import Document, Guide

_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script(document: Document, path: str) -> SafeString:
    """The JSON-LD of a public page. A data block: the browser runs nothing of it."""
    graph = [_page(document, path), _clinic(), *([_breadcrumbs(document, path)] if document.slug != "home" else [])]
    told = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return mark_safe(f'<script type="application/ld+json">{told.translate(_IN_SCRIPT)}</script>')


def _page(document: Document, path: str) -> dict:
    return {
        "@type": "MedicalWebPage",
        "@id": f"{settings.SITE_URL}{path}",
        "url": f"{settings.SITE_URL}{path}",
        "name": document.title,
        "description": document.description,
        "inLanguage": document.language,
        "dateModified": document.changed.isoformat(),
        "audience": {"@type": "Patient"},
        "publisher": {"@id": f"{settings.SITE_URL}/#clinic"},
    }


def _clinic() -> dict:
    """What the settings say of the clinic; what is not set is not told."""
    known = {
        "legalName": settings.CLINIC_LEGAL_NAME,
        "telephone": settings.CLINIC_PHONE,
        "email": settings.CLINIC_EMAIL,
        "address": settings.CLINIC_ADDRESS,
    }
    clinic = {
        "@type": "MedicalClinic",
        "@id": f"{settings.SITE_URL}/#clinic",
        "name": settings.CLINIC_NAME,
        "alternateName": settings.CLINIC_SHORT_NAME,
        "url": f"{settings.SITE_URL}/",
    }
    return clinic | {name: value for name, value in known.items() if value}


def _breadcrumbs(document: Document, path: str) -> dict:
    trail = [(settings.CLINIC_NAME, reverse("home"))]
    if isinstance(document, Guide):
        trail.append((gettext("Guides"), reverse("guides")))
    trail.append((document.short, path))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{settings.SITE_URL}{address}"}
            for position, (name, address) in enumerate(trail, 1)
        ],
    }
