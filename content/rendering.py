"""Markdown to HTML, with its headings, anchors and links: the only import of the Markdown library."""

import re
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from xml.etree.ElementTree import Element, SubElement

import markdown
from django.utils.translation import gettext, override
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

GLOSSARY = "/glossary/#"
DRAWING, PHOTO = "drawing:", "photo:"
FOOTNOTES = '<div class="footnote">'
LEFTOVER_ATTRIBUTE = re.compile(r"\{:")
_SCHEME = re.compile(r"\s*([^/?#\s]*):")
_ENTITY = re.compile(r"&#?\w+;")


@dataclass(frozen=True)
class Heading:
    id: str
    text: str


@dataclass(frozen=True)
class Term:
    """A word of the glossary, and what it means in one plain paragraph."""

    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Rendered:
    """A text as HTML; ``headings`` are its h2, ``anchored`` the text of list items that carry an id.

    ``terms`` are the words of the glossary that it explains in place, ``pictures`` the sources of those it shows:
    ``drawing:timeline``, ``photo:waiting-room.jpg``. ``markup`` is what was written as HTML, ``attributes`` the names
    of all attributes there are.
    """

    html: str
    headings: tuple[Heading, ...] = ()
    anchored: dict[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    ids: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()
    pictures: tuple[str, ...] = ()
    outward: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()
    attributes: frozenset[str] = frozenset()


class _Finishing(Treeprocessor):
    """Gives internal links the page's language and tables their labels, and notes what the checks want to know."""

    def __init__(self, md: markdown.Markdown, prefix: str):
        super().__init__(md)
        self.prefix = prefix
        self.pictures: list[str] = []
        self.links: list[str] = []
        self.outward: list[str] = []
        self.attributes: set[str] = set()
        self.anchored: dict[str, str] = {}
        self.ids: set[str] = set()

    def run(self, root: Element) -> None:
        for element in root.iter():
            self.attributes.update(element.attrib)
            if "id" in element.attrib:
                self.ids.add(element.get("id"))
            if element.tag == "a":
                self._link(element)
            elif element.tag == "li" and "id" in element.attrib:
                self.anchored[element.get("id")] = " ".join("".join(element.itertext()).split())
            elif element.tag == "table":
                _label_cells(element)
            elif element.tag == "img":
                self.pictures.append(element.get("src", ""))

    def _link(self, element: Element) -> None:
        href = element.get("href", "")
        if scheme_of(href):
            self.outward.append(href)
        elif not href.startswith("{"):
            self.links.append(href)
        if href.startswith("/"):
            element.set("href", self.prefix + href)
        elif href.startswith("http"):
            element.set("rel", "noopener")


class _Terms(Treeprocessor):
    """A link to a term becomes a button that opens its meaning; a browser without popovers simply shows it there."""

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
        """The first use on a page carries the meaning; later ones open the same."""
        button = Element("button", {"type": "button", "class": "term", "popovertarget": f"term-{term.id}"})
        button.text = "".join(link.itertext())
        button.tail = link.tail
        position = list(parent).index(link)
        parent[position] = button
        if term.id in self.explained:
            return
        self.explained[term.id] = term
        meaning = Element("span", {"popover": "", "id": f"term-{term.id}", "class": "meaning"})
        name = SubElement(meaning, "strong")
        name.text, name.tail = term.name, f" {term.meaning}"
        button.tail, meaning.tail = None, link.tail
        parent.insert(position + 1, meaning)


def scheme_of(href: str) -> str:
    """``https`` and the like as a browser understands it, however it is written; empty for a link within the site."""
    found = _SCHEME.match(unescape(href.replace(AMP_SUBSTITUTE, "&")))
    return found[1].lower() if found else ""


def _label_cells(table: Element) -> None:
    """On a phone a row becomes a card: each cell carries its column's name, and roles keep it a table for readers."""
    labels = ["".join(cell.itertext()) for cell in table.iter("th")]
    table.set("role", "table")
    for row in table.iter("tr"):
        row.set("role", "row")
        for label, cell in zip(labels, list(row), strict=False):
            if cell.tag == "th" and not label.strip():
                # The empty corner is no header of anything.
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


class _FinishingExtension(Extension):
    def __init__(self, prefix: str, terms: dict[str, Term]):
        super().__init__()
        self.prefix = prefix
        self.terms = terms

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 (the library's name)
        md.finishing = _Finishing(md, self.prefix)
        md.terms = _Terms(md, self.prefix, self.terms)
        # After attr_list (8) and the toc (5), so that ids are in place.
        md.treeprocessors.register(md.finishing, "finishing", 3)
        md.treeprocessors.register(md.terms, "terms", 2)


def render(
    source: str, *, language: str, default_language: str = "en", terms: dict[str, Term] | None = None
) -> Rendered:
    """``source`` as HTML with addresses of ``language``; links to a term of ``terms`` explain it in place."""
    prefix = "" if language == default_language else f"/{language}"
    with override(language):
        md = _reader(prefix, terms or {})
        html = md.convert(source)
        headings = [Heading(token["id"], _plain(token["name"])) for token in md.toc_tokens if token["level"] == 2]
        if FOOTNOTES in html:
            headings.append(Heading("sources", gettext("Sources")))
            html = html.replace(FOOTNOTES, f'{FOOTNOTES}\n<h2 id="sources">{headings[-1].text}</h2>')
    done = md.finishing
    return Rendered(
        html=html,
        headings=tuple(headings),
        anchored=done.anchored,
        links=tuple(done.links),
        ids=frozenset(done.ids | {heading.id for heading in headings}),
        terms=tuple(md.terms.explained.values()),
        pictures=tuple(done.pictures),
        outward=tuple(done.outward),
        markup=tuple(_written_as_html(md)),
        attributes=frozenset(done.attributes),
    )


def _written_as_html(md: markdown.Markdown) -> list[str]:
    """Tags and comments of the source, which the library sets aside; it does so with entities such as &nbsp; too."""
    return [str(kept) for kept in md.htmlStash.rawHtmlBlocks if not _ENTITY.fullmatch(str(kept))]


def _reader(prefix: str, terms: dict[str, Term]) -> markdown.Markdown:
    """The library as this site uses it, for one text in the language that is active."""
    return markdown.Markdown(
        extensions=[
            "attr_list",
            "admonition",
            "sane_lists",
            TocExtension(toc_depth="2-3"),
            TableExtension(use_align_attribute=True),
            FootnoteExtension(BACKLINK_TITLE=gettext("Back to the text, note {}"), SEPARATOR="-"),
            _FinishingExtension(prefix, terms),
        ],
        output_format="html",
    )


_plain = partial(re.sub, r"<[^>]+>|\[\^[^\]]+\]", "")
