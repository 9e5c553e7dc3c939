"""The words that readers use for those of the texts: ``search.yaml``, one file per language."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = "search.yaml"
_NOT_UNDERSTOOD = "write synonyms as a list of lists of words, and common as a list of words."


class SynonymsError(Exception):
    """Raised if the file cannot be used; the message tells its author why."""


@dataclass(frozen=True)
class Synonyms:
    """``synonyms``: groups of words and phrases that mean the same; ``common``: words that say nothing."""

    synonyms: tuple[tuple[str, ...], ...] = ()
    common: frozenset[str] = frozenset()


def read_synonyms(folder: Path) -> Synonyms:
    """The words of the language in ``folder``; none if there is no file."""
    file = folder / FILE
    if not file.exists():
        return Synonyms()
    try:
        found = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (UnicodeDecodeError, yaml.YAMLError):
        raise SynonymsError("this file is not valid YAML.") from None
    if not isinstance(found, dict) or set(found) != {"synonyms", "common"}:
        raise SynonymsError(_NOT_UNDERSTOOD)
    groups, common = found["synonyms"], found["common"]
    if not (_is_words(common) and isinstance(groups, list) and all(_is_words(group) for group in groups)):
        raise SynonymsError(_NOT_UNDERSTOOD)
    return Synonyms(tuple(tuple(group) for group in groups), frozenset(common))


def _is_words(found: Any) -> bool:
    """YAML reads a bare ``no`` or ``1`` as something else than a word."""
    return isinstance(found, list) and all(isinstance(word, str) for word in found)
