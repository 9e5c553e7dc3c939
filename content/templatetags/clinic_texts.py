"""The clinic's short texts inside other pages."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from content.library import Document, library

register = template.Library()


@register.inclusion_tag("content/_urgent_care.html")
def urgent_care() -> dict:
    """The same words to everyone: when not to wait for the clinic."""
    return {"notice": library().shelf().notices["urgent-care"]}


@register.simple_tag
def notice(name: str) -> Document:
    return library().shelf().notices[name]


@register.filter
def html(document: Document) -> SafeString:
    """The document's HTML. It comes from the clinic's own files, which are reviewed like code."""
    return mark_safe(document.html)
