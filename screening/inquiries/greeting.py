"""The name in a letter's greeting: a given name where one is plain to see, else none."""

import re
from itertools import dropwhile

from screening.inquiries.search import fold

# A greeting repeats a name only when it is plainly one, so that nobody can send words or links to others through us.
_NAME = re.compile(r"[^\W\d_]{1,30}(?:['’-][^\W\d_]{1,30}){0,3}")

# All without accents and full stops. Behind a formal title a single word is perhaps a family name.
_FORMAL = "mr mrs ms mx miss sr sra srta senor senora senorita dr doctor prof professor rev sir"
_OTHERS = (
    "dra doctora d dna dona lic licda licenciado licenciada ing ingeniero ingeniera arq profa profesor profesora "
    "mtro mtra maestro maestra cd cp qfb psic"
)
_BEHIND_A_NAME = "jr sr ii iii iv md do phd rn np pa dds dvm esq mba ms"
# What a family name or a compound given name begins with, and "don", which is a title and a name.
_NO_NAMES = (
    "de del dela la las los lo da das do dos di du des le van von der den ter ten bin binti ibn ben san santa santo "
    "st ma fco don y e i"
)
_FORMAL_TITLES = frozenset(_FORMAL.split())
_TITLES = _FORMAL_TITLES | frozenset(_OTHERS.split())
_SUFFIXES = frozenset(_BEHIND_A_NAME.split())
_NO_GIVEN_NAMES = frozenset(_NO_NAMES.split())


def first_name(name: str) -> str:
    """The given name of a person who wrote ``name``, or nothing: better no name than half of one."""
    parts = [part.split() for part in name.split(",")]
    behind = [words for words in parts[1:] if words and not _is_suffix(words)]
    given = _without_titles(behind[0] if behind else parts[0])  # "Pérez, María"
    if not given or not _is_given_name(given[0]):
        return ""
    if behind and given[0].islower():  # "María, hija de Ana"
        return ""
    is_formal = not _FORMAL_TITLES.isdisjoint(map(_bare, name.replace(",", " ").split()))
    return "" if is_formal and not behind and len(given) == 1 else given[0]


def _without_titles(words: list[str]) -> list[str]:
    return list(dropwhile(lambda word: _bare(word) in _TITLES, words))


def _is_suffix(words: list[str]) -> bool:
    """Whether what follows a comma belongs behind a name: a degree, "Jr.", a title."""
    return all(_bare(word) in _SUFFIXES | _TITLES for word in words)


def _is_given_name(word: str) -> bool:
    return len(word) > 1 and _NAME.fullmatch(word) is not None and _bare(word) not in _NO_GIVEN_NAMES


def _bare(word: str) -> str:
    return fold(word).replace(".", "").replace("ª", "a")
