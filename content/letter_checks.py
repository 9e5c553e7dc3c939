"""Checks of letters: the site or staff must send each, and staff need a place for their paragraph."""

import re
from collections.abc import Iterator

from content import placeholders
from content.documents import Letter, Problem

_FREE_TEXT_PLACEHOLDER = f"{{{placeholders.FREE_TEXT}}}"
_OWN_PARAGRAPH = re.compile(rf"(?:^|\n\n){re.escape(_FREE_TEXT_PLACEHOLDER)}(?=\n\n|\n?$)")


def letter_problems(letter: Letter) -> Iterator[Problem]:
    """A letter is either automatic, or staff choose it and write a paragraph into it."""
    is_automatic = letter.slug in placeholders.LETTER_PLACEHOLDERS
    choice = letter.meta.get("choice", "")
    if not isinstance(choice, str) or "\n" in choice.strip():
        yield Problem(letter.file, 1, "write choice as one line of text.")
    elif is_automatic and choice:
        yield Problem(letter.file, 1, "this letter goes out by itself; take out choice.")
    elif not is_automatic and not choice:
        yield Problem(letter.file, 1, "nothing sends this letter; add choice, the words by which staff choose it.")
    elif choice:
        yield from _paragraph_problems(letter)


def _paragraph_problems(letter: Letter) -> Iterator[Problem]:
    if letter.source.count(_FREE_TEXT_PLACEHOLDER) != 1 or not _OWN_PARAGRAPH.search(letter.source):
        yield Problem(
            letter.file,
            letter.line_of(_FREE_TEXT_PLACEHOLDER),
            f"write {_FREE_TEXT_PLACEHOLDER} once, as a paragraph of its own.",
        )
    if letter.meta.get("paragraph", "needed") not in ("needed", "optional"):
        yield Problem(letter.file, 1, "write paragraph as needed or optional.")
