"""The given name in a letter's greeting, if it can be recognized with certainty."""

import re
from itertools import dropwhile

from screening.inquiries.search import fold

# Security: a greeting contains nothing but a name, so that nobody can send text or links to others through us.
_NAME = re.compile(r"[^\W\d_]{1,30}(?:['’-][^\W\d_]{1,30}){0,3}")

# All without accents and full stops. A single word after a formal title may be a family name.
_FORMAL_TITLE_WORDS = "mr mrs ms mx miss sr sra srta senor senora senorita dr doctor prof professor rev sir"
_OTHER_TITLES = (
    "dra doctora d dna dona lic licda licenciado licenciada ing ingeniero ingeniera arq profa profesor profesora "
    "mtro mtra maestro maestra cd cp qfb psic"
)
_SUFFIX_WORDS = "jr sr ii iii iv md do phd rn np pa dds dvm esq mba ms"
# First words of family names and compound given names, and "don", which is a title and a name.
_NOT_GIVEN_WORDS = (
    "de del dela la las los lo da das do dos di du des le van von der den ter ten bin binti ibn ben san santa santo "
    "st ma fco don y e i"
)
_FORMAL_TITLES = frozenset(_FORMAL_TITLE_WORDS.split())
_TITLES = _FORMAL_TITLES | frozenset(_OTHER_TITLES.split())
_SUFFIXES = frozenset(_SUFFIX_WORDS.split())
_NOT_GIVEN_NAMES = frozenset(_NOT_GIVEN_WORDS.split())


def first_name(name: str) -> str:
    """The given name in ``name``, or "" when in doubt."""
    parts = [part.split() for part in name.split(",")]
    after_comma = [words for words in parts[1:] if words and not _is_suffix(words)]
    given = _without_titles(after_comma[0] if after_comma else parts[0])  # "Pérez, María"
    if not given or not _is_given_name(given[0]):
        return ""
    if after_comma and given[0].islower():  # "María, hija de Ana"
        return ""
    is_formal = not _FORMAL_TITLES.isdisjoint(map(_normalized, name.replace(",", " ").split()))
    return "" if is_formal and not after_comma and len(given) == 1 else given[0]


def _without_titles(words: list[str]) -> list[str]:
    return list(dropwhile(lambda word: _normalized(word) in _TITLES, words))


def _is_suffix(words: list[str]) -> bool:
    """Whether the words after a comma are a degree, a title or the like: "Jr."."""
    return all(_normalized(word) in _SUFFIXES | _TITLES for word in words)


def _is_given_name(word: str) -> bool:
    return len(word) > 1 and _NAME.fullmatch(word) is not None and _normalized(word) not in _NOT_GIVEN_NAMES


def _normalized(word: str) -> str:
    return fold(word).replace(".", "").replace("ª", "a")
