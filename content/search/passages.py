"""The passages of a page: its text below each heading, as sentences."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from content.documents import Guide, Page

_BLOCKS = {"p", "li", "tr", "dt", "dd", "blockquote", "div", "h1", "h2", "h3", "h4"}
_CELLS = {"th", "td"}
_LEFT_OUT = {"sup", "thead"}
_VOID = {"img", "br", "hr"}
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”)]))\s+(?=[¿¡“(]*[A-ZÁÉÍÓÚÑ\d])")


@dataclass(frozen=True)
class Passage:
    """``anchor`` is the heading's id; both are empty for the text above the first heading."""

    document: Guide | Page
    anchor: str = ""
    heading: str = ""
    sentences: list[str] = field(default_factory=list)


def passages_of(document: Guide | Page) -> list[Passage]:
    reader = _Reader(document)
    reader.feed(document.html)
    reader.close()
    return [passage for passage in reader.passages if passage.sentences]


class _Reader(HTMLParser):
    """Collects the text of each block, without meanings that open beside a word, marks of notes and heads of tables."""

    def __init__(self, document: Guide | Page):
        super().__init__(convert_charrefs=True)
        self.document = document
        self.passages = [Passage(document, sentences=[document.description] if document.description else [])]
        self._text = ""
        self._left_out = 0  # how many elements deep
        self._heading: str | None = None  # the id of the heading that is being read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if self._left_out or tag in _LEFT_OUT or "popover" in values or values.get("class") == "footnote-backref":
            self._left_out += tag not in _VOID
        elif tag in _CELLS and self._text.strip():
            self._text += " · "
        elif tag in _BLOCKS:
            self._end_block()
            self._heading = values.get("id") if tag in {"h2", "h3"} else None

    def handle_endtag(self, tag: str) -> None:
        if self._left_out:
            self._left_out -= tag not in _VOID
        elif tag in _BLOCKS:
            self._end_block()

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self._text += data

    def close(self) -> None:
        super().close()
        self._end_block()

    def _end_block(self) -> None:
        text, self._text = " ".join(self._text.split()), ""
        if text and self._heading:
            self.passages.append(Passage(self.document, self._heading, text))
        elif text:
            self.passages[-1].sentences.extend(_SENTENCE_END.split(text))
        self._heading = None
