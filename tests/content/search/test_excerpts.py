from pathlib import Path

from content.documents import Page
from content.search.excerpts import LONGEST, Part, excerpt_of
from content.search.index import Found
from content.search.passages import Passage
from content.search.stemming import Stemmer

PAGE = Page(Path("x.md"), "en", "x", {"title": "A page"}, "")
FILL = "Other words that are of no account stand here, long enough for a sentence of its own. "


def excerpt(*sentences: str, phrases=("knee",), sentence=0) -> list[Part]:
    found = Found(Passage(PAGE, sentences=list(sentences)), frozenset(phrases), sentence)
    return [part for part in excerpt_of(found, Stemmer("en")) if part.text]


def text_of(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.is_mark else part.text for part in parts)


def test_the_sentence_with_the_word_is_shown_and_the_word_marked():
    sentence = "Both Knees may be sore at the same time for quite different reasons."
    assert text_of(excerpt(FILL, sentence, FILL, sentence=1)) == sentence.replace("Knees", "[Knees]")


def test_a_phrase_is_marked_as_one():
    sentence = "We use stem cells, and these cells come from donated umbilical cords."
    assert text_of(excerpt(sentence, phrases=("stem cell",))) == sentence.replace("stem cells", "[stem cells]")


def test_a_short_sentence_brings_the_next():
    assert text_of(excerpt("The knee.", "It bends.", "It aches.")) == "The [knee]. It bends."
    assert text_of(excerpt("Knee", "It bends.")) == "[Knee] · It bends."


def test_a_passage_whose_heading_alone_has_the_word_shows_its_first_sentence():
    assert text_of(excerpt(FILL, FILL)) == FILL


def test_a_long_sentence_is_cut_around_the_word_between_words():
    shown = text_of(excerpt(f"{FILL * 4}The knee follows. {FILL * 4}"))
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "[knee]" in shown
    assert len(shown) < LONGEST + 10
    assert shown[2:-2].replace("[", "").replace("]", "") in FILL * 4 + "The knee follows. " + FILL * 4


def test_a_word_without_end_is_cut_too():
    assert len(text_of(excerpt("x" * 1000 + " knee " + "y" * 1000))) < LONGEST
