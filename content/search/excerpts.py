"""The sentence of a passage that is shown with a result, with the words that were looked for marked."""

from collections.abc import Iterable
from dataclasses import dataclass

from content.search.index import Found
from content.search.stemming import Stemmer, Word

# In characters: below this the next sentence is added; the longest excerpt; the longest text before its first mark.
SHORT, LONGEST, BEFORE = 60, 260, 90


@dataclass(frozen=True)
class Part:
    text: str
    is_mark: bool = False


def excerpt_of(found: Found, stemmer: Stemmer) -> list[Part]:
    shown = found.passage.sentences[found.sentence : found.sentence + 2]
    text = shown[0]
    if len(text) < SHORT:
        text = (" " if text[-1] in ".!?”" else " · ").join(shown)
    marks = _marks(stemmer.words_in(text), found.phrases)
    return _parts(text, marks, *_window(text, marks))


def _marks(words: list[Word], phrases: frozenset[str]) -> list[Word]:
    """Each stretch of words that is one of the phrases, the longest that begins at its first word."""
    longest = max(phrase.count(" ") + 1 for phrase in phrases)
    first = {phrase.partition(" ")[0] for phrase in phrases}
    marks: list[Word] = []
    place = 0
    while place < len(words):
        ends = range(min(len(words), place + longest), place, -1) if words[place].stem in first else ()
        stretches = (words[place:end] for end in ends)
        stretch = next((one for one in stretches if _phrase(one) in phrases), [])
        if stretch:
            marks.append(Word(stretch[0].start, stretch[-1].end, _phrase(stretch)))
        place += len(stretch) or 1
    return marks


def _phrase(words: list[Word]) -> str:
    return " ".join(word.stem for word in words)


def _window(sentence: str, marks: list[Word]) -> tuple[int, int]:
    """Where a long sentence is cut, between words."""
    if len(sentence) <= LONGEST:
        return 0, len(sentence)
    first = marks[0].start if marks else 0
    start = 0 if first <= BEFORE else min(first, sentence.find(" ", first - BEFORE) + 1)
    end = start + LONGEST
    return start, len(sentence) if end >= len(sentence) else max(sentence.rfind(" ", first, end), first + BEFORE)


def _parts(sentence: str, marks: Iterable[Word], start: int, end: int) -> list[Part]:
    parts = [Part("… " if start else "")]
    place = start
    for mark in marks:
        if mark.end <= end:
            parts += [Part(sentence[place : mark.start]), Part(sentence[mark.start : mark.end], is_mark=True)]
            place = mark.end
    return [*parts, Part(sentence[place:end]), Part(" …" if end < len(sentence) else "")]
