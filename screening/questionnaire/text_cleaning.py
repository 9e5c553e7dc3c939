"""Typed text without the characters that nobody types: controls, direction overrides, lone surrogates."""

import unicodedata

# Controls, surrogates, and what is not seen: direction overrides could make a line read differently from what it says.
_REMOVED_CATEGORIES = {"Cc", "Cs", "Cf", "Zl", "Zp"}
_BLANK_LETTERS = set("\u115f\u1160\u2800\u3164\uffa0")


def clean_text(text: str, *, lines: bool = False) -> str:
    """Text in NFC without control characters; line breaks stay as \\n where ``lines``, else become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    kept = (char for char in text if char == "\n" or not _is_removed(char))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_removed(char: str) -> bool:
    return char in _BLANK_LETTERS or unicodedata.category(char) in _REMOVED_CATEGORIES
