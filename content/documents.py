"""The kinds of text the clinic writes: guides, pages, letters, notices and drawings, each one Markdown file."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings

from content import placeholders
from content.rendering import Heading, Rendered, Term, render

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file, said so that its author can mend it."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


class ContentError(Exception):
    """The clinic's texts cannot be served; the message lists files and lines."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True)
class Criterion:
    id: str
    text: str

    @property
    def condition(self) -> str:
        """``ra`` or ``oa``."""
        return self.id.partition("-")[0]


@dataclass(frozen=True)
class Document:
    """One Markdown file: its front matter in ``meta``, its text in ``source``."""

    file: Path
    language: str
    slug: str
    meta: dict[str, Any]
    source: str
    first_line: int = 1
    terms: dict[str, Term] = field(default_factory=dict, repr=False)

    # What the front matter must hold.
    needs: ClassVar[tuple[str, ...]] = ("title",)

    @property
    def title(self) -> str:
        return self.meta["title"]

    @property
    def short(self) -> str:
        return self.meta.get("short", self.title)

    @property
    def description(self) -> str:
        return self.meta.get("description", "")

    @property
    def changed(self) -> datetime.date | None:
        return self.meta.get("changed")

    @cached_property
    def text(self) -> str:
        """The source with the site's own blanks filled."""
        return placeholders.fill(self.source, placeholders.site_values())

    @cached_property
    def rendered(self) -> Rendered:
        language = {"language": self.language, "default_language": settings.LANGUAGE_CODE}
        return render(self.text, **language, terms=self.terms)

    @property
    def html(self) -> str:
        return self.rendered.html

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self.rendered.headings

    @property
    def minutes(self) -> int:
        return max(1, round(len(self.source.split()) / WORDS_A_MINUTE))

    def line_of(self, needle: str) -> int:
        """The line of the file where ``needle`` first stands, else that of the text's beginning."""
        before, found, _ = self.file.read_text(encoding="utf-8").partition(needle)
        return before.count("\n") + 1 if found else self.first_line


class Guide(Document):
    """Something to read, at /guides/<slug>/."""

    needs = ("title", "description", "changed")

    @property
    def path(self) -> str:
        return f"/guides/{self.slug}/"


class Page(Document):
    """Any other text with an address of its own; ``home`` is at /."""

    needs = ("title", "description", "changed")

    @property
    def path(self) -> str:
        return "/" if self.slug == "home" else f"/{self.slug}/"


class Letter(Document):
    """A mail that the clinic sends; ``title`` is its subject. With ``choice`` it is one that staff send by hand."""

    needs = ("subject",)

    @property
    def title(self) -> str:
        return self.meta["subject"]

    @property
    def choice(self) -> str:
        """The words by which staff choose it; empty for a letter that goes out by itself."""
        return self.meta.get("choice", "")

    @property
    def needs_paragraph(self) -> bool:
        """Whether it makes no sense without a paragraph of staff's own."""
        return bool(self.choice) and self.meta.get("paragraph") != "optional"


class Drawing(Document):
    """The words of a drawing in one language; the picture itself is a template of the same name."""


class Consent(Document):
    """What a person agrees to before the first question: the text, and the words beside its two boxes."""

    needs = ("title", "version", "consent", "adult")


class Notice(Document):
    """A text without an address, shown on other pages: the consent, the urgent-care box, the disclaimer."""
