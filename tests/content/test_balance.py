"""Not proven, not FDA-approved, and we sell it: said once on a page, where it is decided, and in full on three pages.

docs/copy.md has the rule with examples.
"""

import re
from xml.etree.ElementTree import Element

import pytest

from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of

STATEMENTS = {
    "en": {
        "sold": re.compile(r"\bwe sell\b|\(CRC\) sells\b", re.IGNORECASE),
        "not proven": re.compile(r"\bnot proven\b", re.IGNORECASE),
        "not approved": re.compile(r"\bnot FDA-approved\b", re.IGNORECASE),
    },
    "es": {
        "sold": re.compile(
            r"\bnosotros (lo )?vendemos\b|\bvendemos (un|este|el) tratamiento\b|\(CRC\) vende\b", re.IGNORECASE
        ),
        "not proven": re.compile(r"\bno se ha demostrado\b", re.IGNORECASE),
        "not approved": re.compile(r"\bno est(á|án) aprobad[oa]s? por la FDA\b", re.IGNORECASE),
    },
}
IN_FULL = {"rheumatoid-vs-osteoarthritis", "what-the-evidence-says"}
STARTS = {"en": "/candidacy/", "es": "/es/candidacy/"}
# Where nothing is decided or offered.
SILENT = {"privacy", "accessibility", "glossary"}


def sections_of(html: str) -> dict[str, str]:
    """The text below each h2 by the heading's id, with the meanings that open beside a word; headings are left out."""
    sections: dict[str, list[str]] = {"": []}
    place = ""
    for element in parsed(html).find("body"):
        if element.tag == "h2":
            place = element.get("id")
        elif element.tag != "h3":
            sections.setdefault(place, []).append(text_of(element))
    return {place: " ".join(texts) for place, texts in sections.items()}


def said(text: str, language: str) -> dict[str, int]:
    counts = {name: len(pattern.findall(text)) for name, pattern in STATEMENTS[language].items()}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize("document", copies_of_texts.readable(), ids=copies_of_texts.address)
def test_a_page_says_it_once_and_in_one_place(document):
    sections = {place: said(text, document.language) for place, text in sections_of(document.html).items()}
    saying = {place: counts for place, counts in sections.items() if counts}
    assert len(saying) <= 1, saying
    assert all(count == 1 for counts in saying.values() for count in counts.values()), saying
    if document.slug in IN_FULL:
        assert [list(counts) for counts in saying.values()] == [list(STATEMENTS[document.language])]
    if document.slug in SILENT:
        assert saying == {}


@pytest.mark.parametrize("document", copies_of_texts.readable(), ids=copies_of_texts.address)
def test_no_page_opens_with_it(document):
    if document.slug != "what-the-evidence-says":
        assert said(sections_of(document.html)[""], document.language) == {}
    assert said(document.description, document.language) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", STARTS)
def test_the_start_of_the_questionnaire_says_all_of_it_once(client, language):
    main: Element = parsed(client.get(STARTS[language]).content).find(".//main")
    assert said(text_of(main), language) == dict.fromkeys(STATEMENTS[language], 1)


@pytest.mark.parametrize("language", STARTS)
def test_the_notices_on_other_pages_do_not_repeat_it(language):
    for name in ("urgent-care", "disclaimer"):
        assert said(text_of(parsed(copies_of_texts.shipped().texts_in(language).notices[name].html)), language) == {}


def test_saying_it_twice_would_be_noticed():
    twice = "<h2 id='a'>One</h2><p>It is not proven.</p><h2 id='b'>Two</h2><p>We sell it. It is not FDA-approved.</p>"
    assert {place: said(text, "en") for place, text in sections_of(twice).items()} == {
        "": {},
        "a": {"not proven": 1},
        "b": {"sold": 1, "not approved": 1},
    }
