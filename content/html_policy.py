"""Checks that texts contain no raw HTML, unsafe link schemes or other attributes than allowed."""

from collections.abc import Iterator

from content.documents import Document, Problem
from content.rendering import scheme_of

ALLOWED_SCHEMES = {"https", "http", "mailto", "tel"}
_AUTHOR_ATTRIBUTES = {"id", "class", "lang"}
# Set by the Markdown library and by `rendering`.
_RENDERER_ATTRIBUTES = {"align", "alt", "data-label", "href", "rel", "role", "scope", "src", "start", "title"}


def policy_violations(document: Document) -> Iterator[Problem]:
    yield from _raw_html(document)
    yield from _forbidden_links(document)
    yield from _forbidden_attributes(document)


def _raw_html(document: Document) -> Iterator[Problem]:
    if document.rendered.markup:
        found = document.rendered.markup[0].partition("\n")[0]
        yield Problem(document.file, document.line_of(found), f"write this without HTML: {found}; see docs/content.md.")


def _forbidden_links(document: Document) -> Iterator[Problem]:
    for href in document.rendered.external_links:
        if scheme_of(href) not in ALLOWED_SCHEMES:
            expected = "a link begins with /, #, https:, http:, mailto: or tel:"
            yield Problem(document.file, document.line_of(href), f"{expected}, not with {scheme_of(href)}:.")


def _forbidden_attributes(document: Document) -> Iterator[Problem]:
    for name in sorted(document.rendered.attributes - _AUTHOR_ATTRIBUTES - _RENDERER_ATTRIBUTES):
        line = document.line_of(f"{name}=")
        yield Problem(document.file, line, f"{{: … }} gives an id, a class or a lang, not {name}.")
