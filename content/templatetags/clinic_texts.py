"""The clinic's short texts inside other pages."""

import re

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from content import structured
from content.documents import Document
from content.library import library

register = template.Library()

_DRAWING = re.compile(r'<p><img alt="[^"]*" src="drawing:(?P<name>[a-z-]+)"\s*/?></p>')


@register.inclusion_tag("content/_urgent_care.html")
def urgent_care() -> dict:
    """The same words to everyone: when not to wait for the clinic."""
    return {"notice": library().shelf().notices["urgent-care"]}


@register.simple_tag
def notice(name: str) -> Document:
    return library().shelf().notices[name]


@register.simple_tag(takes_context=True)
def structured_data(context: dict, document: Document) -> SafeString:
    return structured.script(document, context["request"].path)


@register.filter
def html(document: Document) -> SafeString:
    """The document's HTML with its drawings. It comes from the clinic's own files, which are reviewed like code."""
    return mark_safe(_DRAWING.sub(_drawn, document.html))


def _drawn(match: re.Match) -> str:
    """A drawing is a template; its words come from the page's language."""
    drawing = library().shelf().drawings[match["name"]]
    return render_to_string(f"content/drawings/{drawing.slug}.html", {"drawing": drawing, "words": drawing.meta})
