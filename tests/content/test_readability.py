"""English has at most US grade 8 (Flesch-Kincaid), Spanish at least 60 (Fernández-Huerta)."""

import pytest

from tests.content import copies_of_texts
from tests.content.readability import prose_of, sentences_of

MOST = 8
LEAST = 60  # of 100: easily read at age 12 to 14
pytestmark = pytest.mark.filterwarnings("ignore:pkg_resources is deprecated")


def grade(text: str) -> float:
    from textstat import textstat

    return textstat.flesch_kincaid_grade(text)


@pytest.mark.parametrize(
    "document",
    [document for document in copies_of_texts.readable() if document.language == "en"],
    ids=copies_of_texts.address,
)
def test_a_page_reads_at_grade_eight_or_below(document):
    assert grade(prose_of(document.html)) <= MOST


@pytest.mark.parametrize("name", ["consent", "urgent-care", "disclaimer"])
def test_what_stands_on_other_pages_reads_as_easily(name):
    assert grade(prose_of(copies_of_texts.shipped().texts_in("en").notices[name].html)) <= MOST


def ease(text: str) -> float:
    from textstat import textstat

    textstat.set_lang("es")
    try:
        return textstat.fernandez_huerta(text)
    finally:
        textstat.set_lang("en_US")


@pytest.mark.parametrize(
    "document",
    [document for document in copies_of_texts.readable() if document.language == "es"],
    ids=copies_of_texts.address,
)
def test_a_page_in_spanish_reads_with_ease(document):
    assert ease(prose_of(document.html)) >= LEAST


@pytest.mark.parametrize("name", ["consent", "urgent-care", "disclaimer"])
def test_what_stands_on_other_spanish_pages_reads_as_easily(name):
    assert ease(prose_of(copies_of_texts.shipped().texts_in("es").notices[name].html)) >= LEAST


def test_a_spanish_text_that_only_specialists_read_would_be_noticed():
    hard = (
        "La administración intraarticular de células mesenquimales alogénicas demuestra propiedades inmunomoduladoras, "
        "no obstante la considerable heterogeneidad metodológica de las investigaciones correspondientes."
    )
    assert ease(hard) < LEAST


def test_a_text_that_only_specialists_read_would_be_noticed():
    hard = (
        "Intra-articular administration of allogeneic mesenchymal stromal cells demonstrates immunomodulatory "
        "properties, notwithstanding considerable heterogeneity of methodological characteristics."
    )
    assert grade(hard) > MOST


def test_headings_items_and_cells_count_as_sentences():
    html = (
        "<h2>Two kinds</h2><ul><li>One</li><li>Two, <em>too</em>.</li></ul><table><tr><td>A</td><td>B</td></tr></table>"
    )
    assert sentences_of(html) == ["Two kinds.", "One.", "Two, too.", "A.", "B."]


def test_the_list_of_sources_is_not_prose():
    html = '<p>Text.<sup><a class="footnote-ref" href="#fn-a">1</a></sup></p><div class="footnote"><p>Source.</p></div>'
    assert sentences_of(html) == ["Text."]
