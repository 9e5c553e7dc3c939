"""Reads the clinic's Markdown once into guides, pages, letters, notices and criteria; in DEBUG again on change."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from django.conf import settings
from django.utils.translation import get_language

from content import blanks
from content.rendering import Rendered, render

CRITERIA_GUIDE = "who-might-be-a-candidate"
CRITERION_ID = re.compile(r"^(ra|oa)-[a-z-]+$")
WORDS_A_MINUTE = 200
CHANGED_IS_A_DATE = "write changed as a date such as 2026-11-22."


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
        return blanks.fill(self.source, blanks.site_values())

    @cached_property
    def rendered(self) -> Rendered:
        return render(self.text, language=self.language, default_language=settings.LANGUAGE_CODE)

    @property
    def html(self) -> str:
        return self.rendered.html

    @property
    def headings(self):
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

    @property
    def path(self) -> str:
        return f"/guides/{self.slug}/"


class Page(Document):
    """Any other text with an address of its own; ``home`` is at /."""

    @property
    def path(self) -> str:
        return "/" if self.slug == "home" else f"/{self.slug}/"


class Letter(Document):
    """A mail that the clinic sends; ``title`` is its subject."""

    @property
    def title(self) -> str:
        return self.meta["subject"]


class Notice(Document):
    """A text without an address, shown on other pages: the consent, the urgent-care box, the disclaimer."""


@dataclass(frozen=True)
class Shelf:
    """Everything in one language."""

    language: str
    guides: dict[str, Guide] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)

    def everything(self) -> list[Document]:
        return [doc for kind in (self.guides, self.pages, self.letters, self.notices) for doc in kind.values()]

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The documented criteria in the candidacy guide's order."""
        guide = self.guides.get(CRITERIA_GUIDE)
        anchored = guide.rendered.anchored if guide else {}
        return {id_: Criterion(id_, text) for id_, text in anchored.items() if CRITERION_ID.match(id_)}


@dataclass(frozen=True)
class Library:
    directory: Path
    shelves: dict[str, Shelf]
    problems: tuple[Problem, ...]

    def shelf(self, language: str | None = None) -> Shelf:
        """The shelf of a language, by default the one of the page being made."""
        return self.shelves[language or get_language() or settings.LANGUAGE_CODE]


def library() -> Library:
    """The library as it stands; raises ContentError while a file is broken."""
    found = read(settings.CONTENT_DIR, _newest_change(settings.CONTENT_DIR) if settings.DEBUG else 0.0)
    if found.problems:
        raise ContentError(list(found.problems))
    return found


@lru_cache(maxsize=2)
def read(directory: Path, changed: float = 0.0) -> Library:
    """Read every file below ``directory``; ``changed`` only tells one state of the folder from another."""
    problems: list[Problem] = []
    folders = sorted(folder.parent for folder in directory.glob("*/guides") if folder.is_dir())
    shelves = {folder.name: _shelf(folder, problems) for folder in folders}
    return Library(directory, shelves, tuple(problems))


def _shelf(folder: Path, problems: list[Problem]) -> Shelf:
    def documents(kind: type[Document], root: Path, pattern: str, needs: tuple[str, ...]) -> dict:
        found = {}
        for file in sorted(root.glob(pattern)):
            document = _document(kind, file, root, folder.name, needs, problems.append)
            if document:
                found[document.slug] = document
        return dict(sorted(found.items(), key=lambda item: (item[1].meta.get("order", 999), item[0])))

    return Shelf(
        folder.name,
        documents(Guide, folder / "guides", "*.md", ("title", "description", "changed")),
        documents(Page, folder / "pages", "**/*.md", ("title", "description", "changed")),
        documents(Letter, folder / "letters", "*.md", ("subject",)),
        documents(Notice, folder, "*.md", ("title",)),
    )


def _document(
    kind: type[Document], file: Path, root: Path, language: str, needs: tuple[str, ...], report: Callable
) -> Document | None:
    """One file as a document, or None and a report of what is wrong with it."""
    try:
        raw = file.read_text(encoding="utf-8")
        meta, body = frontmatter.parse(raw)
    except UnicodeDecodeError as error:
        report(Problem(file, error.object[: error.start].count(b"\n") + 1, "save this file as UTF-8."))
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        report(Problem(file, (mark.line if mark else 0) + 1, "the lines between --- and --- are not valid YAML."))
        return None
    except ValueError:  # a date that no calendar has
        report(Problem(file, 1, CHANGED_IS_A_DATE))
        return None
    mistake = _mistake(meta, needs)
    if mistake:
        report(Problem(file, 1, mistake))
        return None
    before = raw.partition(body)[0] if body else raw
    slug = file.relative_to(root).with_suffix("").as_posix()
    values = blanks.site_values()
    filled = {name: blanks.fill(value, values) if isinstance(value, str) else value for name, value in meta.items()}
    return kind(file, language, slug, filled, body, before.count("\n") + 1)


def _mistake(meta: dict[str, Any], needs: tuple[str, ...]) -> str:
    """What is wrong with the front matter, or nothing."""
    missing = [name for name in needs if not meta.get(name)]
    if missing:
        return f"add {', '.join(missing)} between the --- lines at the top."
    if "changed" in needs and not isinstance(meta["changed"], datetime.date):
        return CHANGED_IS_A_DATE
    if not isinstance(meta.get("order", 0), int):
        return "write order as a whole number."
    return ""


def _newest_change(directory: Path) -> float:
    return max(
        (path.stat().st_mtime for path in directory.glob("**/*") if "__pycache__" not in path.parts), default=0.0
    )
