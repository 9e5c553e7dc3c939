"""An index of all passages of one language, built once, and the passages that it finds for a query."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from content.documents import Guide
from content.library import LanguageContent
from content.search.passages import Passage, passages_of
from content.search.stemming import Stemmer, stemmer_of

MOST_WORDS = 12  # of a query
MOST_FOUND, MOST_OF_A_PAGE = 12, 3
# Okapi BM25: how soon more of the same word adds nothing, and how much a passage's length counts.
_SATURATION, _LENGTH = 1.2, 0.6
_HEADING = 4  # a word of the heading counts as often as this in the text
_SOURCES, _OF_SOURCES = "sources", 0.4
_OF_HOME = 0.5  # it sums up the others
_OF_A_GUIDES_START = 1.5
_WORTH_SHOWING = 0.35  # of the best passage's weight

# One or several stems that stand side by side, separated by a space.
Phrase = str


@dataclass(frozen=True)
class Found:
    """``sentence`` is the place of the first sentence with most of the phrases."""

    passage: Passage
    phrases: frozenset[Phrase]
    sentence: int = 0


class SearchIndex:
    def __init__(self, texts: LanguageContent):
        self.stemmer = stemmer_of(texts.language)
        self._passages = [passage for document in texts.public() for passage in passages_of(document)]
        self._common = {stem for word in texts.search_words.common for stem in self.stemmer.stems_in(word)}
        self._same = _by_phrase(texts.search_words.synonyms, self.stemmer)
        self._longest = max((phrase.count(" ") + 1 for phrase in self._same), default=1)
        self._sentences = [
            [tuple(self._phrases_in(sentence)) for sentence in passage.sentences] for passage in self._passages
        ]
        self._counts = self._count_phrases()
        lengths = [sum(len(sentence.split()) for sentence in passage.sentences) for passage in self._passages]
        average = sum(lengths) / max(1, len(lengths))
        self._norms = [_SATURATION * (1 - _LENGTH + _LENGTH * length / average) for length in lengths]

    def find(self, query: str) -> list[Found]:
        """The passages about most of what the query names, best first."""
        wanted = list(self._wanted(query))
        weights: defaultdict[int, float] = defaultdict(float)
        met: Counter[int] = Counter()
        for phrases in wanted:
            for number, weight in self._weigh(phrases):
                weights[number] += weight
                met[number] += 1
        for number in weights:
            weights[number] *= (met[number] / len(wanted)) ** 2
        every_phrase = frozenset().union(*wanted)
        return [self._found(number, every_phrase) for number in self._best(weights)]

    def _found(self, number: int, phrases: frozenset[Phrase]) -> Found:
        met = [len(phrases.intersection(sentence)) for sentence in self._sentences[number]]
        return Found(self._passages[number], phrases, met.index(max(met)))

    def _wanted(self, query: str) -> Iterator[frozenset[Phrase]]:
        """For each word or known phrase of the query, all phrases that mean the same."""
        stems = self.stemmer.stems_in(query)[:MOST_WORDS]
        left_out = self._common if set(stems) - self._common else set()
        place = 0
        while place < len(stems):
            phrase = self._known_phrase_at(stems, place)
            if phrase:
                yield self._same[phrase]
            elif stems[place] not in left_out:
                yield frozenset({stems[place]})
            place += phrase.count(" ") + 1

    def _known_phrase_at(self, stems: list[str], place: int) -> Phrase:
        """The longest phrase with synonyms that begins here, or an empty string."""
        ends = range(min(len(stems), place + self._longest), place, -1)
        return next((phrase for end in ends if (phrase := " ".join(stems[place:end])) in self._same), "")

    def _weigh(self, phrases: frozenset[Phrase]) -> Iterator[tuple[int, float]]:
        counts: Counter[int] = Counter()
        for phrase in phrases:
            counts.update(self._counts.get(phrase, {}))
        rarity = math.log(1 + len(self._passages) / (1 + len(counts)))
        for number, count in counts.items():
            weight = rarity * count * (_SATURATION + 1) / (count + self._norms[number])
            yield number, weight * _weight_of(self._passages[number])

    def _best(self, weights: dict[int, float]) -> list[int]:
        ordered = sorted(weights, key=lambda number: (-weights[number], number))
        of_page: Counter[str] = Counter()
        best: list[int] = []
        for number in ordered:
            path = self._passages[number].document.path
            if weights[number] < _WORTH_SHOWING * weights[ordered[0]] or len(best) == MOST_FOUND:
                break
            if of_page[path] < MOST_OF_A_PAGE:
                of_page[path] += 1
                best.append(number)
        return best

    def _count_phrases(self) -> dict[Phrase, Counter[int]]:
        """How often each stem and each phrase with synonyms stands in each passage."""
        counts: dict[Phrase, Counter[int]] = {}
        for number, passage in enumerate(self._passages):
            title = tuple(self._phrases_in(passage.heading or passage.document.title))
            for phrases, weight in ((title, _HEADING), *((sentence, 1) for sentence in self._sentences[number])):
                for phrase in phrases:
                    counts.setdefault(phrase, Counter())[number] += weight
        return counts

    def _phrases_in(self, text: str) -> Iterator[Phrase]:
        stems = self.stemmer.stems_in(text)
        for place, stem in enumerate(stems):
            yield stem
            for end in range(place + 2, min(len(stems), place + self._longest) + 1):
                if (phrase := " ".join(stems[place:end])) in self._same:
                    yield phrase


def _weight_of(passage: Passage) -> float:
    if passage.document.slug == "home":
        return _OF_HOME
    if passage.anchor == _SOURCES:
        return _OF_SOURCES
    return _OF_A_GUIDES_START if isinstance(passage.document, Guide) and not passage.anchor else 1


@lru_cache(maxsize=4)
def index_of(texts: LanguageContent) -> SearchIndex:
    return SearchIndex(texts)


def _by_phrase(groups: Iterable[Iterable[str]], stemmer: Stemmer) -> dict[Phrase, frozenset[Phrase]]:
    """For each phrase, all phrases of its groups; a phrase may be in several."""
    same: dict[Phrase, frozenset[Phrase]] = {}
    for group in groups:
        phrases = frozenset(" ".join(stemmer.stems_in(text)) for text in group)
        for phrase in phrases:
            same[phrase] = same.get(phrase, frozenset()) | phrases
    return same
