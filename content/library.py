"""The clinic's texts in every language that has a folder, read once; with DEBUG again on change."""

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from content.documents import (
    Consent,
    ContentError,
    Criterion,
    Document,
    Drawing,
    Guide,
    Letter,
    Notice,
    Page,
    Problem,
    Profile,
)
from content.parser import read_document
from content.rendering import Term
from content.search import synonyms
from content.search.synonyms import Synonyms

CRITERIA_GUIDE = "who-might-be-a-candidate"
GLOSSARY_PAGE = "glossary"
_CRITERION_ID = re.compile(r"^(ra|oa)-[a-z-]+$")
_TERM = re.compile(r"^## (?P<name>.+?) \{: #(?P<id>[a-z0-9-]+) \}\n+(?P<meaning>.+(?:\n.+)*)", re.MULTILINE)


@dataclass(frozen=True, eq=False)
class LanguageContent:
    """The texts of one language, by slug."""

    language: str
    guides: dict[str, Guide] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    team: dict[str, Profile] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)
    search_words: Synonyms = Synonyms()

    def public(self) -> list[Guide | Page]:
        """The documents with a URL."""
        return [*self.pages.values(), *self.guides.values()]

    def of_kind(self, kind: type[Document]) -> dict[str, Document]:
        """The documents of exactly this class, by slug."""
        return {document.slug: document for document in self.all_documents() if type(document) is kind}

    def all_documents(self) -> list[Document]:
        others = (self.team, self.letters, self.notices, self.drawings)
        return [*self.public(), *(document for kind in others for document in kind.values())]

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """The criteria by id, in the candidacy guide's order."""
        guide = self.guides.get(CRITERIA_GUIDE)
        anchored = guide.rendered.anchored if guide else {}
        return {id_: Criterion(id_, text) for id_, text in anchored.items() if _CRITERION_ID.match(id_)}


@dataclass(frozen=True)
class Library:
    directory: Path
    by_language: dict[str, LanguageContent]
    problems: tuple[Problem, ...]

    def texts_in(self, language: str | None = None) -> LanguageContent:
        """The texts of ``language``, by default the active one."""
        return self.by_language[language or get_language() or settings.LANGUAGE_CODE]


def library() -> Library:
    """The current library. Raises ContentError if a file cannot be read."""
    found = load_library(settings.CONTENT_DIR)
    if found.problems:
        raise ContentError(list(found.problems))
    return found


def load_library(directory: Path) -> Library:
    """Every text below ``directory``, read once; with DEBUG again when a file has changed."""
    return read_library(directory, _newest_change(directory) if settings.DEBUG else 0.0)


@lru_cache(maxsize=2)
def read_library(directory: Path, changed: float) -> Library:
    """Read every file below ``directory``; ``changed`` is only part of the cache key."""
    problems: list[Problem] = []
    folders = sorted(folder.parent for folder in directory.glob("*/guides") if folder.is_dir())
    shelves = {folder.name: _shelf(folder, problems) for folder in folders}
    return Library(directory, shelves, tuple(dict.fromkeys(problems)))


def _shelf(folder: Path, problems: list[Problem]) -> LanguageContent:
    terms: dict[str, Term] = {}

    def documents(kind: type[Document], root: Path, pattern: str) -> dict:
        read_files = (
            read_document(kind, file, root, folder.name, terms, problems.append) for file in sorted(root.glob(pattern))
        )
        found = {document.slug: document for document in read_files if document}
        return dict(sorted(found.items(), key=lambda item: (item[1].meta.get("order", 999), item[0])))

    texts = LanguageContent(
        folder.name,
        documents(Guide, folder / "guides", "*.md"),
        documents(Page, folder / "pages", "**/*.md"),
        documents(Profile, folder / "team", "*.md"),
        documents(Letter, folder / "letters", "*.md"),
        documents(Notice, folder, "*.md") | documents(Consent, folder, "consent.md"),
        documents(Drawing, folder / "drawings", "*.md"),
        _synonyms(folder, problems),
    )
    # All documents share this dict; it can be filled only after the glossary is read.
    if GLOSSARY_PAGE in texts.pages:
        terms.update(_terms_of(texts.pages[GLOSSARY_PAGE]))
    return texts


def _synonyms(folder: Path, problems: list[Problem]) -> Synonyms:
    try:
        return synonyms.read_synonyms(folder)
    except synonyms.SynonymsError as error:
        problems.append(Problem(folder / synonyms.FILE, 1, str(error)))
        return Synonyms()


def _terms_of(glossary: Page) -> dict[str, Term]:
    """The terms by id: each h2 with an id and the paragraph below it."""
    found = _TERM.finditer(glossary.text)
    return {match["id"]: Term(match["id"], match["name"], " ".join(match["meaning"].split())) for match in found}


def _newest_change(directory: Path) -> float:
    return max(
        (path.stat().st_mtime for path in directory.glob("**/*") if "__pycache__" not in path.parts), default=0.0
    )
