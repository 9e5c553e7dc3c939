"""Words as the search compares them: without case, accents and endings."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language_info
from Stemmer import Stemmer as Snowball
from Stemmer import algorithms

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Endings that an algorithm knows with their accent only, which readers often leave out.
_ACCENTED_ENDINGS = {"spanish": (re.compile(r"([cs])ion$"), r"\1ión")}
_NEVER = (re.compile(r"(?!)"), "")


class Word(NamedTuple):
    """A word's place in its text, and its stem."""

    start: int
    end: int
    stem: str


class Stemmer:
    """The stems of one language; a language without an algorithm keeps its words whole."""

    def __init__(self, language: str):
        name = str(get_language_info(language)["name"]).lower()
        self._algorithm = name if name in algorithms() else None
        self._ending, self._accented = _ACCENTED_ENDINGS.get(name, _NEVER)

    def words_in(self, text: str) -> list[Word]:
        return [Word(found.start(), found.end(), self._stem(found[0])) for found in _WORD.finditer(text)]

    def stems_in(self, text: str) -> list[str]:
        return [word.stem for word in self.words_in(text)]

    def _stem(self, word: str) -> str:
        plain = _without_accents(word.lower().replace("’", "'"))
        if self._algorithm is None:
            return plain
        # One for each word: an instance is for one thread. The 0 is the number of words that it may remember.
        algorithm = Snowball(self._algorithm, 0)
        return _without_accents(algorithm.stemWord(self._ending.sub(self._accented, plain)))


@lru_cache(maxsize=8)
def stemmer_of(language: str) -> Stemmer:
    return Stemmer(language)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
