"""What keeps a letter from being sent: nothing that sends it, or no place where staff's own words go."""

import re
from collections.abc import Iterator

from content import blanks
from content.documents import Letter, Problem

_PLACE = f"{{{blanks.FREE_TEXT}}}"
_OWN_PARAGRAPH = re.compile(rf"(?:^|\n\n){re.escape(_PLACE)}(?=\n\n|\n?$)")


def unsendable(letter: Letter) -> Iterator[Problem]:
    """A letter goes out by itself, or staff choose it and write a paragraph of their own into it."""
    goes_by_itself = letter.slug in blanks.LETTER_BLANKS
    if not isinstance(letter.choice, str) or "\n" in letter.choice.strip():
        yield Problem(letter.file, 1, "write choice as one line of text.")
    elif goes_by_itself and letter.choice:
        yield Problem(letter.file, 1, "this letter goes out by itself; take out choice.")
    elif not goes_by_itself and not letter.choice:
        yield Problem(letter.file, 1, "nothing sends this letter; add choice, the words by which staff choose it.")
    elif letter.choice:
        yield from _place_to_write(letter)


def _place_to_write(letter: Letter) -> Iterator[Problem]:
    if letter.source.count(_PLACE) != 1 or not _OWN_PARAGRAPH.search(letter.source):
        yield Problem(letter.file, letter.line_of(_PLACE), f"write {_PLACE} once, as a paragraph of its own.")
    if letter.meta.get("paragraph", "needed") not in ("needed", "optional"):
        yield Problem(letter.file, 1, "write paragraph as needed or optional.")
