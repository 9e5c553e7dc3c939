from collections import Counter

import pytest

from content.search.index import MOST_FOUND, MOST_OF_A_PAGE, index_of
from tests.content import copies_of_texts

LANGUAGES = list(copies_of_texts.shipped().by_language)


def places(language: str, query: str) -> list[tuple[str, str]]:
    found = index_of(copies_of_texts.shipped().texts_in(language)).find(query)
    return [(one.passage.document.slug, one.passage.anchor) for one in found]


@pytest.mark.parametrize(
    ("language", "query", "place"),
    [
        ("en", "osteoarthritis", ("glossary", "osteoarthritis")),
        ("en", "artrosis", ("glossary", "osteoarthritis")),
        ("en", "wear and tear", ("glossary", "osteoarthritis")),
        ("en", "OSTEOARTHRITIS!", ("glossary", "osteoarthritis")),
        ("en", "stem cells", ("glossary", "msc")),
        ("en", "celulas madre", ("glossary", "msc")),
        ("en", "how much does it cost?", ("questions-for-your-doctor", "what-it-costs")),
        ("en", "can I stop my medicine", ("safety-and-coordination", "ra-medicine")),
        ("en", "hips", ("what-the-evidence-says", "other-joints")),
        ("es", "artrosis", ("glossary", "osteoarthritis")),
        ("es", "desgaste", ("glossary", "osteoarthritis")),
        ("es", "células madre", ("glossary", "msc")),
        ("es", "celulas madre", ("glossary", "msc")),
        ("es", "¿cuánto cuesta?", ("questions-for-your-doctor", "what-it-costs")),
        ("es", "cuanto cuesta", ("questions-for-your-doctor", "what-it-costs")),
        ("es", "piquete", ("glossary", "intra-articular-injection")),
        ("es", "reuma", ("rheumatoid-vs-osteoarthritis", "")),
    ],
)
def test_the_words_that_people_use_find_the_place(language, query, place):
    assert place in places(language, query)[:3]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_synonym_finds_something(language):
    texts = copies_of_texts.shipped().texts_in(language)
    phrases = [phrase for group in texts.search_words.synonyms for phrase in group]
    assert [phrase for phrase in phrases if not places(language, phrase)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_synonym_of_a_group_finds_the_same(language):
    texts = copies_of_texts.shipped().texts_in(language)
    for group in texts.search_words.synonyms:
        alone = [phrase for phrase in group if sum(phrase in other for other in texts.search_words.synonyms) == 1]
        assert len({tuple(places(language, phrase)) for phrase in alone}) <= 1, group


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_found_by_its_title(language):
    for document in copies_of_texts.shipped().texts_in(language).public():
        if document.slug != "home":
            assert document.slug in [slug for slug, _anchor in places(language, document.title)]


def test_the_sentence_with_most_of_the_words_is_the_one_to_show():
    found = index_of(copies_of_texts.shipped().texts_in("en")).find("cells and a steroid shot in the knee")
    shown = [one.passage.sentences[one.sentence] for one in found]
    assert any("knee" in sentence and "cell" in sentence and "steroid shot" in sentence for sentence in shown)


def test_the_index_is_built_once():
    texts = copies_of_texts.shipped().texts_in("en")
    assert index_of(texts) is index_of(texts)


def test_one_page_does_not_fill_the_list():
    found = places("en", "arthritis")
    assert len(found) == MOST_FOUND
    assert max(Counter(slug for slug, _anchor in found).values()) == MOST_OF_A_PAGE


@pytest.mark.parametrize("query", ["", "   ", "xyzzy", "!?", "\u200b", "🦴"])
def test_what_is_nowhere_finds_nothing(query):
    assert places("en", query) == []


def test_a_word_that_is_nowhere_does_not_hide_the_others():
    assert places("en", "xyzzy cartilage")[0] == places("en", "cartilage")[0]
