"""Glossary terms in a guide: explained on the page, and listed at the end of the printed version."""

import pytest

from tests.content import copies_of_texts
from tests.content.readability import parsed, text_of

GUIDE = "treatment-day"


@pytest.fixture
def guide(client, tmp_path, settings):
    """Return a function that adds a paragraph and parses the page."""
    settings.CONTENT_DIR = copies_of_texts.copy_of_english(tmp_path)
    file = settings.CONTENT_DIR / "en" / "guides" / f"{GUIDE}.md"
    # Terms that the guide already explains do not count in this test.
    file.write_text(file.read_text().replace("/glossary/#", "/glossary/?#"))

    def read_with(paragraph: str):
        copies_of_texts.append(file, paragraph)
        return parsed(client.get(f"/guides/{GUIDE}/").content)

    return read_with


def test_a_word_opens_its_meaning_and_the_printed_guide_ends_with_its_words(guide):
    page = guide(
        "The [lining](/glossary/#synovium) and a [DMARD](/glossary/#dmard), and the [synovium](/glossary/#synovium)."
    )
    buttons = page.findall(".//button[@class='term']")
    assert [text_of(button) for button in buttons] == ["lining", "DMARD", "synovium"]
    for button in buttons:
        meaning = page.find(f".//span[@id='{button.get('popovertarget')}']")
        assert meaning.get("popover") == ""
    words = page.find(".//section[@aria-labelledby='words-title']")
    assert "only-print" in words.get("class").split()
    assert [text_of(name) for name in words.iter("dt")] == ["Synovium", "DMARD"]
    assert all(text_of(meaning) for meaning in words.iter("dd"))


def test_a_line_never_begins_with_the_full_stop_after_a_word(guide):
    page = guide("The [lining](/glossary/#synovium). A [DMARD](/glossary/#dmard) (or [biologic](/glossary/#biologic)).")
    assert [text_of(span) for span in page.findall(".//span[@class='joined']")] == ["lining.", "biologic)."]


def test_a_guide_without_such_words_prints_no_list(guide):
    page = guide("Nothing to explain.")
    assert page.find(".//section[@aria-labelledby='words-title']") is None
