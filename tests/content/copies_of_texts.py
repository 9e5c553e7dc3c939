"""Copies of the clinic's texts that a test may change, and the public pages and their addresses."""

import re
import shutil
from pathlib import Path

from django.conf import settings

from content.documents import Document
from content.library import Library, load_library


def copy_of_english(folder: Path) -> Path:
    """Copy the English texts to ``folder``/content."""
    shutil.copytree(settings.CONTENT_DIR / "en", folder / "content" / "en")
    return folder / "content"


def copy_of_texts(folder: Path) -> Path:
    """Copy the texts of every language to ``folder``/content: they are read anew, with the settings of the test."""
    for language in shipped().by_language:
        shutil.copytree(settings.CONTENT_DIR / language, folder / "content" / language)
    return folder / "content"


def add_spanish(content: Path) -> Path:
    """Copy the English files as Spanish ones; every title begins with "Prueba"."""
    shutil.copytree(content / "en", content / "es")
    for file in (content / "es").glob("**/*.md"):
        retitled = re.sub(r'^title: "?(.*?)"?$', r'title: "Prueba: \1"', file.read_text(), count=1, flags=re.MULTILINE)
        file.write_text(retitled)
    return content


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{file} no longer holds {old!r}"
    file.write_text(text.replace(old, new, 1))


def append(file: Path, paragraph: str) -> int:
    """Add a paragraph at the end; return its line number."""
    text = file.read_text().rstrip("\n") + "\n\n" + paragraph + "\n"
    file.write_text(text)
    return text.count("\n")


def address(document: Document) -> str:
    prefix = "" if document.language == settings.LANGUAGE_CODE else f"/{document.language}"
    return prefix + document.path


def shipped() -> Library:
    return load_library(settings.CONTENT_DIR)


def readable() -> list[Document]:
    """Return every guide and page, in every language."""
    return [doc for texts in shipped().by_language.values() for doc in (*texts.guides.values(), *texts.pages.values())]


def addresses() -> list[str]:
    """Every public page of the content app."""
    indexes = ["/guides/" if code == settings.LANGUAGE_CODE else f"/{code}/guides/" for code in shipped().by_language]
    return [*map(address, readable()), *indexes]
