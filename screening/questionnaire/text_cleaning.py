"""Cleans typed text: removes control characters, direction overrides and lone surrogates."""

import re
import unicodedata

# Controls, surrogates and format characters: a direction override can make a line read differently from its content.
_REMOVED_CATEGORIES = {"Cc", "Cs", "Cf", "Zl", "Zp"}
_BLANK_LETTERS = set("\u115f\u1160\u2800\u3164\uffa0")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = str.maketrans(dict.fromkeys("\t\u200b", " "))
# Zero-width joiners: needed in Persian, Sinhala and other scripts, and in emoji sequences.
_JOINERS = "\u200c\u200d"
_VIRAMA = 9  # canonical combining class of the sign that removes a consonant's vowel, in Indic scripts


def clean_text(text: str, *, lines: bool = False) -> str:
    """Text in NFC without control characters; line breaks of any kind become \\n if ``lines``, else spaces.

    A zero-width space becomes a space. Joiners stay only where they have an effect.
    """
    text = _LINE_BREAKS.sub("\n", text).translate(_SPACES)
    if not lines:
        text = text.replace("\n", " ")
    visible = "".join(char for char in text if char == "\n" or char in _JOINERS or not _is_removed(char))
    cleaned, before = unicodedata.normalize("NFC", visible), None
    while cleaned != before:  # removing a joiner may make NFC reorder its neighbours
        cleaned, before = unicodedata.normalize("NFC", _without_unused_joiners(cleaned).strip()), cleaned
    return cleaned


def _is_removed(char: str) -> bool:
    return char in _BLANK_LETTERS or unicodedata.category(char) in _REMOVED_CATEGORIES


def _without_unused_joiners(text: str) -> str:
    """Remove joiners, except between letters or emoji and after a virama."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    cleaned: list[str] = []
    for char, after in zip(text, [*text[1:], ""], strict=True):
        if char not in _JOINERS or (cleaned and _does_join(cleaned[-1], after)):
            cleaned.append(char)
    return "".join(cleaned)


def _does_join(before: str, after: str) -> bool:
    if unicodedata.combining(before) == _VIRAMA:
        return True
    ends_a_sign = _is_sign(before) or unicodedata.category(before)[0] == "M" or "\U0001f3fb" <= before <= "\U0001f3ff"
    return ends_a_sign and _is_sign(after)


def _is_sign(char: str) -> bool:
    """Whether it is a letter or an emoji."""
    return bool(char) and (char.isalpha() or unicodedata.category(char) == "So")
