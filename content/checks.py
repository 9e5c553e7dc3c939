"""System check of all texts; each problem names file and line."""

import re
from collections.abc import Container, Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.urls import Resolver404, resolve
from django.utils import translation

from content import placeholders
from content.documents import Document, Guide, Letter, Problem, Profile
from content.html_policy import policy_violations
from content.imaging.photographs import photographs
from content.letter_checks import letter_problems
from content.library import CRITERIA_GUIDE, LanguageContent, Library, load_library
from content.pictures import PICTURES
from content.rendering import LEFTOVER_ATTRIBUTE
from content.search import synonyms
from content.shelves import SHELVES

_NAME = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)?")

REQUIRED_FILES = {
    "guides": {CRITERIA_GUIDE},
    "pages": {"home", "privacy"},
    "letters": set(placeholders.LETTER_PLACEHOLDERS),
    "notices": {"consent", "urgent-care", "disclaimer"},
    "drawings": {"joints"},
}


@register()
def check_texts(app_configs: object, **kwargs: Any) -> list[Error]:
    library = load_library(settings.CONTENT_DIR)
    problems = list(library.problems) or list(find_problems(library))
    return [Error(str(problem), id="content.E001") for problem in problems]


def find_problems(library: Library) -> Iterator[Problem]:
    for texts in library.by_language.values():
        yield from _missing(library, texts)
        for document in texts.all_documents():
            yield from _invalid_file_name(document)
            yield from _unparsed_attributes(document)
            yield from _unknown_placeholders(document)
            yield from _broken_links(document, texts)
            yield from _translation_differences(document, library)
            yield from _unknown_pictures(document, texts)
            yield from policy_violations(document)
            if isinstance(document, Guide):
                yield from _unknown_related(document, texts)
                yield from _unknown_shelf(document, library)
            if isinstance(document, Profile):
                yield from _unusable_portrait(document)
            if isinstance(document, Letter):
                yield from letter_problems(document)


def _missing(library: Library, texts: LanguageContent) -> Iterator[Problem]:
    for kind, names in REQUIRED_FILES.items():
        for name in sorted(names - set(getattr(texts, kind))):
            folder = library.directory / texts.language / ("" if kind == "notices" else kind)
            yield Problem(folder / f"{name}.md", 1, "this file is needed and missing.")
    search_words = library.directory / texts.language / synonyms.FILE
    if not search_words.exists():
        yield Problem(search_words, 1, "this file is needed and missing.")
    first = library.by_language.get(settings.LANGUAGE_CODE)
    if first is None:
        return
    for document in first.all_documents():
        if document.slug not in texts.of_kind(type(document)):
            file = library.directory / texts.language / document.file.relative_to(library.directory / first.language)
            yield Problem(file, 1, f"this page is missing; {first.language} has it.")


def _translation_differences(document: Document, library: Library) -> Iterator[Problem]:
    """A translation must have the ids, links and pictures of the text in the default language."""
    first = library.by_language.get(settings.LANGUAGE_CODE)
    if first is None or document.language == settings.LANGUAGE_CODE:
        return
    original = first.of_kind(type(document)).get(document.slug)
    if original is None:
        yield Problem(document.file, 1, f"{settings.LANGUAGE_CODE} has no file of this name.")
        return
    for what in ("ids", "links", "pictures"):
        here, there = (sorted(getattr(text.rendered, what)) for text in (document, original))
        if here != there:
            only = ", ".join(sorted(set(here) ^ set(there))) or "their number"
            yield Problem(document.file, 1, f"its {what} differ from {original.file}: {only}.")


def _invalid_file_name(document: Document) -> Iterator[Problem]:
    """The file name becomes the URL."""
    if not _NAME.fullmatch(document.slug):
        yield Problem(document.file, 1, "name this file with small letters, digits and hyphens only.")


def _unparsed_attributes(document: Document) -> Iterator[Problem]:
    if leftover := LEFTOVER_ATTRIBUTE.search(document.html):
        where = document.html[leftover.start() :].partition("}")[0]
        yield Problem(document.file, document.line_of(where), f"'{where}}}' was not understood; see docs/content.md.")


def _unknown_placeholders(document: Document) -> Iterator[Problem]:
    known = set(placeholders.site_values())
    if isinstance(document, Letter):
        known |= placeholders.LETTER_PLACEHOLDERS.get(document.slug, placeholders.CHOSEN_LETTER_PLACEHOLDERS)
    texts = [document.source, *(value for value in document.meta.values() if isinstance(value, str))]
    looking_like_one = {name for text in texts for name in placeholders.PLACEHOLDER_LIKE.findall(text)}
    for name in sorted(looking_like_one - known):
        yield Problem(document.file, document.line_of(f"{{{name}}}"), f"nothing fills the blank {{{name}}}.")


def _broken_links(document: Document, texts: LanguageContent) -> Iterator[Problem]:
    targets = {target.path: target for target in texts.public()}
    for href in (*document.rendered.links, *_front_matter_links(document.meta)):
        path, _, anchor = href.partition("#")
        target: Document | None = targets.get(path) if path else document
        if target is None and not _is_address(path, texts.language):
            yield Problem(document.file, _line_of_link(document, href), f"the link {href} leads nowhere.")
        elif target is not None and anchor and anchor not in target.rendered.ids and not anchor.startswith("fn"):
            yield Problem(document.file, _line_of_link(document, href), f"{path or 'this page'} has no #{anchor}.")


def _front_matter_links(meta: Any) -> Iterator[str]:
    """Every ``href`` of the front matter, at any depth."""
    if isinstance(meta, list):
        for entry in meta:
            yield from _front_matter_links(entry)
    elif isinstance(meta, dict):
        if "href" in meta:
            yield meta["href"]
        for entry in meta.values():
            yield from _front_matter_links(entry)


def _line_of_link(document: Document, href: str) -> int:
    """A link of the body is in parentheses; others are in the front matter."""
    return document.line_of(f"({href})" if href in document.rendered.links else href)


def _is_address(path: str, language: str) -> bool:
    """Whether the path resolves in that language."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    with translation.override(language):
        try:
            resolve(prefix + path)
        except Resolver404:
            return False
    return True


def _unknown_related(document: Guide, texts: LanguageContent) -> Iterator[Problem]:
    for slug in document.meta.get("related", []):
        if slug not in texts.guides:
            yield Problem(document.file, 1, f"related names {slug}, which is no guide.")


def _unknown_shelf(document: Guide, library: Library) -> Iterator[Problem]:
    """Every language has a guide on the same shelf."""
    line = document.line_of("shelf:")
    if document.shelf not in SHELVES:
        yield Problem(document.file, line, f"write shelf as one of {', '.join(SHELVES)}.")
    first = library.by_language.get(settings.LANGUAGE_CODE)
    original = first.guides.get(document.slug) if first else None
    if original and (original.shelf, original.meta.get("order")) != (document.shelf, document.meta.get("order")):
        yield Problem(document.file, line, f"its shelf or order differs from {original.file}.")


def _unusable_portrait(profile: Profile) -> Iterator[Problem]:
    line = profile.line_of("photo:")
    if profile.photo and profile.photo not in photographs():
        yield Problem(profile.file, line, f"there is no picture {profile.photo} in content/images/.")
    if profile.photo and not profile.alt:
        yield Problem(profile.file, line, "say under alt what the photograph shows.")


def _unknown_pictures(document: Document, texts: LanguageContent) -> Iterator[Problem]:
    """Drawings, photographs in content/images/, or pictures that stand for a guide; external images are not allowed."""
    for source in document.rendered.pictures:
        kind, _, name = source.partition(":")
        known: dict[str, Container[str]] = {"drawing": texts.drawings, "photo": photographs(), "picture": PICTURES}
        if name not in known.get(kind, ()):
            line = document.line_of(f"({source}")
            yield Problem(document.file, line, f"there is no picture {source}; see docs/content.md.")
