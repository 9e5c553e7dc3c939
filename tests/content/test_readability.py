"""English texts read at US grade 8 or below, by the formula of Flesch and Kincaid."""

import pytest

from tests.content import shelves
from tests.content.reading import prose_of, sentences_of

MOST = 8
pytestmark = pytest.mark.filterwarnings("ignore:pkg_resources is deprecated")


def grade(text: str) -> float:
    from textstat import textstat

    return textstat.flesch_kincaid_grade(text)


@pytest.mark.parametrize(
    "document", [document for document in shelves.readable() if document.language == "en"], ids=shelves.address
)
def test_a_page_reads_at_grade_eight_or_below(document):
    assert grade(prose_of(document.html)) <= MOST


@pytest.mark.parametrize("name", ["consent", "urgent-care", "disclaimer"])
def test_what_stands_on_other_pages_reads_as_easily(name):
    assert grade(prose_of(shelves.shipped().shelf("en").notices[name].html)) <= MOST


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
