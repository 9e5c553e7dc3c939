"""Render Markdown to HTML, and collect headings, ids and links. Only this module imports the Markdown library."""

import re
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import markdown
from django.utils.translation import gettext, override
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

GLOSSARY = "/glossary/#"
DRAWING, PHOTO = "drawing:", "photo:"
FOOTNOTES = '<div class="footnote">'
LEFTOVER_ATTRIBUTE = re.compile(r"\{:")
_PUNCTUATION = ".,;:!?)…”’"
_SCHEME = re.compile(r"\s*([^/?#\s]*):")
_ENTITY = re.compile(r"&#?\w+;")


@dataclass(frozen=True)
class Heading:
    id: str
    text: str


@dataclass(frozen=True)
class Term:
    """A glossary term and its meaning, one paragraph of plain text."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Rendered:
    """A text as HTML; ``headings`` are its h2, ``anchored`` the text of list items by id.

    ``links``: internal hrefs; ``external_links``: those with a scheme; ``terms``: glossary terms explained in place,
    ``pictures`` the image sources (``drawing:timeline``, ``photo:waiting-room.jpg``), ``markup`` the raw HTML of the
    source, ``attributes`` the names of all attributes.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    anchored: dict[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()
    pictures: tuple[str, ...] = ()
    external_links: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    attributes: frozenset[str] = frozenset()


class _Finishing(Treeprocessor):
    """Prefixes internal links with the language, labels table cells, and collects what the checks need."""

    def __init__(self, md: markdown.Markdown, prefix: str):
        super().__init__(md)
        self.prefix = prefix
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.external_links: list[str] = []
        self.attributes: set[str] = set()
        self.anchored: dict[str, str] = {}
        self.ids: set[str] = set()

    def run(self, root: Element) -> None:
        for element in root.iter():
            self.attributes.update(element.attrib)
            id_ = element.get("id")
            if id_ is not None:
                self.ids.add(id_)
            if element.tag == "a":
                self._link(element)
            elif element.tag == "li" and id_ is not None:
                self.anchored[id_] = " ".join("".join(element.itertext()).split())
            elif element.tag == "table":
                _label_cells(element)
            elif element.tag == "img":
                self.pictures.append(element.get("src", ""))

    def _link(self, element: Element) -> None:
        href = element.get("href", "")
        if scheme_of(href):
            self.external_links.append(href)
        elif not href.startswith("{"):
            self.links.append(href)
        if href.startswith("/"):
            element.set("href", self.prefix + href)
        elif href.startswith("http"):
            element.set("rel", "noopener")


class _Terms(Treeprocessor):
    """Replaces links to terms with buttons that open the meaning; browsers without popovers show it inline."""

    def __init__(self, md: markdown.Markdown, prefix: str, terms: dict[str, Term]):
        super().__init__(md)
        self.start = f"{prefix}{GLOSSARY}"
        self.terms = terms
        self.explained: dict[str, Term] = {}

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for link in list(parent):
                term = self.terms.get(link.get("href", "").removeprefix(self.start)) if link.tag == "a" else None
                if term:
                    self._explain(parent, link, term)

    def _explain(self, parent: Element, link: Element, term: Term) -> None:
        """Insert the meaning at the first use on a page; later buttons open the same popover."""
        button = Element("button", {"type": "button", "class": "term", "popovertarget": f"term-{term.id}"})
        button.text = "".join(link.itertext())
        shown = _joined(button, link.tail or "")
        position = list(parent).index(link)
        parent[position] = shown
        if term.id in self.explained:
            return
        self.explained[term.id] = term
        meaning = Element("span", {"popover": "", "id": f"term-{term.id}", "class": "meaning"})
        name = SubElement(meaning, "strong")
        name.text, name.tail = term.name, f" {term.meaning}"
        shown.tail, meaning.tail = None, shown.tail
        parent.insert(position + 1, meaning)


def _joined(button: Element, text: str) -> Element:
    """The button before ``text``; browsers end a line even between a button and a full stop, so a span holds both."""
    end = len(text) - len(text.lstrip(_PUNCTUATION))
    if not end:
        button.tail = text
        return button
    span = Element("span", {"class": "joined"})
    span.append(button)
    button.tail, span.tail = text[:end], text[end:]
    return span


def scheme_of(href: str) -> str:
    """The scheme of ``href`` in lower case, entities decoded as a browser does; empty for an internal link."""
    found = _SCHEME.match(unescape(href.replace(AMP_SUBSTITUTE, "&")))
    return found[1].lower() if found else ""


def _label_cells(table: Element) -> None:
    """Label cells with their column, for the cards on phones; roles keep it a table for screen readers."""
    labels = ["".join(cell.itertext()) for cell in table.iter("th")]
    table.set("role", "table")
    for row in table.iter("tr"):
        row.set("role", "row")
        for label, cell in zip(labels, list(row), strict=False):
            if cell.tag == "th" and not label.strip():
                # An empty corner cell is not a header.
                cell.tag = "td"
                cell.set("role", "cell")
            elif cell.tag == "th":
                cell.attrib.update({"scope": "col", "role": "columnheader"})
            elif cell is row[0]:
                cell.tag = "th"
                cell.attrib.update({"scope": "row", "role": "rowheader"})
            else:
                cell.attrib.update({"role": "cell", "data-label": label})
    for group in ("thead", "tbody"):
        for element in table.iter(group):
            element.set("role", "rowgroup")


class _SiteMarkdown(markdown.Markdown):
    """Markdown with the site's extensions, for one text in the active language."""

    toc_tokens: list[dict[str, Any]]  # set by TocExtension

    def __init__(self, prefix: str, terms: dict[str, Term]):
        super().__init__(
            extensions=[
                "attr_list",
                "admonition",
                "sane_lists",
                TocExtension(toc_depth="2-3"),
                TableExtension(use_align_attribute=True),
                FootnoteExtension(BACKLINK_TITLE=gettext("Back to the text, note {}"), SEPARATOR="-"),
            ],
            output_format="html",
        )
        self.finishing = _Finishing(self, prefix)
        self.terms = _Terms(self, prefix, terms)
        # After attr_list (8) and toc (5), which set ids.
        self.treeprocessors.register(self.finishing, "finishing", 3)
        self.treeprocessors.register(self.terms, "terms", 2)


def render(
    source: str, *, language: str, default_language: str = "en", terms: dict[str, Term] | None = None
) -> Rendered:
    """Render ``source`` with internal links in ``language``; links to one of ``terms`` explain it in place."""
    prefix = "" if language == default_language else f"/{language}"
    with override(language):
        md = _SiteMarkdown(prefix, terms or {})
        html = md.convert(source)
        headings = [Heading(token["id"], _plain(token["name"])) for token in md.toc_tokens if token["level"] == 2]
        if FOOTNOTES in html:
            headings.append(Heading("sources", gettext("Sources")))
            html = html.replace(FOOTNOTES, f'{FOOTNOTES}\n<h2 id="sources">{headings[-1].text}</h2>')
    finishing = md.finishing
    return Rendered(
        html=html,
        headings=tuple(headings),
        anchored=finishing.anchored,
        links=tuple(finishing.links),
        ids=frozenset(finishing.ids | {heading.id for heading in headings}),
        terms=tuple(md.terms.explained.values()),
        pictures=tuple(finishing.pictures),
        external_links=tuple(finishing.external_links),
        markup=tuple(_raw_html(md)),
        attributes=frozenset(finishing.attributes),
    )


def _raw_html(md: markdown.Markdown) -> list[str]:
    """Tags and comments of the source; the library's stash also holds entities such as &nbsp;."""
    return [str(block) for block in md.htmlStash.rawHtmlBlocks if not _ENTITY.fullmatch(str(block))]


_plain = partial(re.sub, r"<[^>]+>|\[\^[^\]]+\]", "")
