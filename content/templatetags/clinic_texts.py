"""Template tags for the clinic's texts: notices, drawings, structured data and share cards."""

import re
from collections.abc import Collection

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale

from content.documents import Document, Drawing, Guide, Page
from content.imaging import photographs, share_cards
from content.library import library
from content.pictures import PICTURES
from content.seo import json_ld

register = template.Library()

# A drawing or photograph in a paragraph of its own, or the picture of a guide in a heading.
_IMAGE = re.compile(
    r'<p><img alt="(?P<alt>[^"]*)" src="(?P<kind>drawing|photo):(?P<name>[\w.-]+)"\s*/?></p>'
    r'|<img alt="[^"]*" src="picture:(?P<guide>[\w/-]+)"\s*/?>'
)


@register.inclusion_tag("content/_urgent_care.html")
def urgent_care() -> dict:
    """The urgent-care notice, the same for everyone."""
    return {"notice": library().texts_in().notices["urgent-care"]}


@register.simple_tag
def notice(name: str) -> Document:
    return library().texts_in().notices[name]


@register.simple_tag
def home() -> Document:
    """The home page's document, for the share card of pages without a document."""
    return library().texts_in().pages["home"]


@register.simple_tag(takes_context=True)
def structured_data(context: dict, document: Guide | Page) -> SafeString:
    return json_ld.for_document(document, context["request"].path)


@register.simple_tag(takes_context=True)
def structured_page(context: dict, title: str, description: str, guides: Collection[Guide] = ()) -> SafeString:
    """The JSON-LD of a page without a document."""
    return json_ld.for_listing(title, description, context["request"].path, guides)


@register.simple_tag
def drawing(name: str) -> SafeString:
    """A drawing as HTML; empty if the page's language does not have it."""
    words = library().texts_in().drawings.get(name)
    return _draw(words) if words else SafeString("")


@register.inclusion_tag("content/_picture.html")
def picture(document: Document) -> dict:
    """The drawing that opens a document. A guide without one of its name gets a sheet of paper, another text none."""
    default = PICTURES["_guide"] if isinstance(document, Guide) else None
    return {"template": PICTURES.get(document.slug, default)}


@register.simple_tag
def photograph(name: str, alt: str, shown: str = "(width < 40rem) 100vw, 40rem") -> SafeString:
    """A photograph of content/images/; ``shown`` tells the browser how wide it stands on the page."""
    context = photographs.srcset_of(name) | {"alt": alt, "shown": shown}
    return render_to_string("content/_photograph.html", context)


@register.simple_tag
def share_card(document: Document) -> dict:
    """URL and size of the document's share card."""
    return {"href": reverse("share", args=[document]), "width": share_cards.WIDTH, "height": share_cards.HEIGHT}


@register.simple_tag
def open_graph_locale() -> str:
    """The page's language with a country, as Open Graph requires it: ``en_US``."""
    language = get_language()
    return {"en": "en_US", "es": "es_MX"}.get(language, to_locale(language))


@register.filter
def html(document: Document) -> SafeString:
    """The document's HTML with its pictures, marked safe: the files are the clinic's own, reviewed like code."""
    return mark_safe(_IMAGE.sub(_render_image, document.html))


def _render_image(match: re.Match) -> str:
    """A drawing's template with words in the page's language, an <img> with a srcset, or a guide's picture."""
    if match["guide"]:
        return render_to_string("content/_picture.html", {"template": PICTURES[match["guide"]]})
    if match["kind"] == "drawing":
        return _draw(library().texts_in().drawings[match["name"]])
    return photograph(match["name"], mark_safe(match["alt"]))


def _draw(words: Drawing) -> SafeString:
    return render_to_string(f"content/drawings/{words.slug}.html", {"drawing": words, "words": words.meta})
