from pathlib import Path

import pytest

from content.documents import Page
from content.rendering import Term
from content.search.passages import passages_of
from tests.content import copies_of_texts

TERMS = {"synovium": Term("synovium", "Synovium", "The lining.")}


def passages(source: str) -> list[tuple[str, str, list[str]]]:
    page = Page(Path("x.md"), "en", "x", {"title": "A page", "description": "About it."}, source, terms=TERMS)
    return [(passage.anchor, passage.heading, passage.sentences) for passage in passages_of(page)]


def test_each_heading_begins_a_passage_of_sentences():
    source = "First. Second!\n\n## One {: #one }\n\nUnder one.\n\n### Deeper {: #deeper }\n\n- A\n- B\n  - C"
    assert passages(source) == [
        ("", "", ["About it.", "First.", "Second!"]),
        ("one", "One", ["Under one."]),
        ("deeper", "Deeper", ["A", "B", "C"]),
    ]


def test_a_row_of_a_table_is_one_sentence_and_its_head_is_none():
    table = "| | RA | OA |\n|---|---|---|\n| Goal | Calm it. | Less pain. |"
    assert passages(table)[0][2] == ["About it.", "Goal · Calm it. · Less pain."]


def test_what_opens_beside_a_word_is_left_out():
    assert passages("The [synovium](/glossary/#synovium) swells.")[0][2][1:] == ["The synovium swells."]


def test_a_note_is_a_passage_of_the_sources_without_its_marks():
    found = passages("It works.[^one]\n\n[^one]: [A trial](https://doi.org/1). 2023.")
    assert found[0][2][1:] == ["It works."]
    assert found[1] == ("sources", "Sources", ["A trial.", "2023."])


def test_sentences_end_where_a_reader_would_end_them():
    assert passages("Ask “why?” Then 1.2 ml. ¿Cuánto? e.g. this.")[0][2][1:] == [
        "Ask “why?”",
        "Then 1.2 ml.",
        "¿Cuánto? e.g. this.",
    ]


@pytest.mark.parametrize("document", copies_of_texts.readable(), ids=copies_of_texts.address)
def test_every_passage_of_the_site_has_an_anchor_that_exists(document):
    found = passages_of(document)
    assert {passage.anchor for passage in found} <= document.rendered.ids | {""}
    assert [
        heading.id for heading in document.headings if heading.id not in {passage.anchor for passage in found}
    ] == []
    assert not any("<" in sentence or "↩" in sentence for passage in found for sentence in passage.sentences)
