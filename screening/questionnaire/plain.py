"""Typed text without the characters that nobody types: controls, direction overrides, lone surrogates."""

import unicodedata

# Direction controls could make a line read differently from what it says.
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain(text: str, *, lines: bool = False) -> str:
    """Text in NFC without control characters; line breaks stay as \\n where ``lines``, else become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if not lines:
        text = text.replace("\n", " ")
    kept = (
        char for char in text if char == "\n" or char not in _BIDI and unicodedata.category(char) not in {"Cc", "Cs"}
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()
