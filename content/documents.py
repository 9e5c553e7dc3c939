"""The kinds of Markdown document: guides, pages, profiles, letters, drawings, notices and the consent."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import override

from content import placeholders
from content.rendering import Heading, Rendered, Term, render

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Problem:
    """A mistake in a file, worded so that its author can fix it."""

    file: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.text}"


class ContentError(Exception):
    """Raised if the texts cannot be served; the message lists files and lines."""

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
    """One Markdown file: front matter in ``meta``, body in ``source``."""

    file: Path
    language: str
    slug: str
    meta: dict[str, Any]
    source: str
    first_line: int = 1
    terms: dict[str, Term] = field(default_factory=dict, repr=False)

    # Required front matter fields.
    needs: ClassVar[tuple[str, ...]] = ("title",)

    @property
    def title(self) -> str:
        return str(self.meta["title"])

    @property
    def short(self) -> str:
        return str(self.meta.get("short", self.title))

    @property
    def description(self) -> str:
        return str(self.meta.get("description", ""))

    @cached_property
    def text(self) -> str:
        """The source with the site's placeholders filled."""
        with override(self.language):
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
        """The first line of the file that contains ``needle``, or ``first_line``."""
        before, found, _ = self.file.read_text(encoding="utf-8").partition(needle)
        return before.count("\n") + 1 if found else self.first_line


class _PublicDocument(Document):
    needs = ("title", "description", "changed")

    @property
    def changed(self) -> datetime.date:
        changed: datetime.date = self.meta["changed"]
        return changed


class Guide(_PublicDocument):
    """A document at /guides/<slug>/."""

    @property
    def path(self) -> str:
        return f"/guides/{self.slug}/"

    @property
    def shelf(self) -> str:
        """Its shelf in the list of guides; see `shelves`."""
        return str(self.meta.get("shelf", ""))


class Page(_PublicDocument):
    """Any other document with a URL; ``home`` is at /."""

    @property
    def path(self) -> str:
        return "/" if self.slug == "home" else f"/{self.slug}/"


class Letter(Document):
    """An e-mail; ``title`` is its subject. Staff send it if ``choice`` is set, otherwise the site does."""

    needs = ("subject",)

    @property
    def title(self) -> str:
        return str(self.meta["subject"])

    @property
    def choice(self) -> str:
        """The label by which staff choose it; empty for an automatic letter."""
        return str(self.meta.get("choice") or "")

    @property
    def needs_paragraph(self) -> bool:
        """Whether staff must add a paragraph of their own."""
        return bool(self.choice) and self.meta.get("paragraph") != "optional"


class Profile(Document):
    """A member of the medical team, shown on the team's page; ``title`` is the name, ``photo`` a file of images/."""

    @property
    def role(self) -> str:
        return str(self.meta.get("role", ""))

    @property
    def license(self) -> str:
        """Number of the license, and where it is valid."""
        return str(self.meta.get("license", ""))

    @property
    def photo(self) -> str:
        return str(self.meta.get("photo", ""))

    @property
    def alt(self) -> str:
        """What the photograph shows, in words."""
        return str(self.meta.get("alt", ""))


class Drawing(Document):
    """The words of a drawing in one language; the picture is the template of the same name."""


class Notice(Document):
    """A text without a URL, shown on other pages: the urgent-care box, the disclaimer, the consent."""


class Consent(Notice):
    """The consent before the first question: its text and the labels of its two checkboxes."""

    needs = ("title", "version", "consent", "adult")
