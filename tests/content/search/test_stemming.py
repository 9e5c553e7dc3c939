import pytest

from content.search.stemming import Stemmer

ALIKE = [
    ("en", ["knee", "Knees", "knee’s", "knee's"]),
    ("en", ["injection", "injections", "INJECTED"]),
    ("es", ["célula", "celulas", "CÉLULAS"]),
    ("es", ["inyección", "inyeccion", "inyecciones"]),
    ("es", ["articulación", "articulacion", "articulaciones"]),
    ("es", ["médico", "medicos", "médica"]),
]


@pytest.mark.parametrize(("language", "words"), ALIKE, ids=[words[0] for _language, words in ALIKE])
def test_case_accents_and_endings_make_no_difference(language, words):
    assert len({*Stemmer(language).stems_in(" ".join(words))}) == 1


def test_a_word_knows_its_place_in_the_text():
    text = "A sore knee, and an X-ray."
    words = Stemmer("en").words_in(text)
    assert [text[word.start : word.end] for word in words] == ["A", "sore", "knee", "and", "an", "X", "ray"]


def test_a_language_without_an_algorithm_keeps_its_words_whole():
    assert Stemmer("vi").stems_in("Khớp gối") == ["khop", "goi"]


def test_the_words_of_a_reader_are_not_remembered():
    stemmer = Stemmer("en")
    assert stemmer.stems_in("canaries") == ["canari"]
    assert "canar" not in str(vars(stemmer))
