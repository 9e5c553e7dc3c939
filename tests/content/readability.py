"""Parse pages and rendered texts, and extract their prose."""

import re
from xml.etree.ElementTree import Element

import html5lib

BLOCKS = {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "div", "dt", "dd", "blockquote", "caption"}


def parsed(html: bytes | str) -> Element:
    """Parse a whole page or a fragment."""
    return html5lib.parse(html, namespaceHTMLElements=False)


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def prose_of(html: str) -> str:
    """Return the text in reading order: each block ends as a sentence; footnotes are omitted."""
    return " ".join(" ".join(_pieces(parsed(html).find("body"))).split()).replace(" .", ".")


def sentences_of(html: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", prose_of(html)) if re.search(r"\w", sentence)]


def _pieces(element: Element):
    if element.get("class") in {"footnote", "footnote-ref"}:
        return
    written = [element.text or ""]
    for child in element:
        written += [*_pieces(child), child.tail or ""]
    text = "".join(written)
    ends = element.tag in BLOCKS and text.strip() and text.strip()[-1] not in ".!?:"
    yield f" {text.rstrip()}. " if ends else f" {text} " if element.tag in BLOCKS else text
