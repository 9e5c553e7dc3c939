"""docs/facts.md lists where each fact of the clinic is stated: the list is complete, and the places exist."""

import re

import pytest
from django.conf import settings

from tests.content import copies_of_texts

TEXT = (settings.BASE_DIR / "docs" / "facts.md").read_text()
FACTS = re.findall(r"^\| (F\d+) \| (\S+) \| (.+?) \|$", TEXT, re.MULTILINE)
RECORD = re.findall(r"^\| ([^|]+?) \| (/\S+) \| (.+?) \|$", TEXT, re.MULTILINE)


def test_every_fact_is_listed_once_and_in_order():
    assert [number for number, _, _ in FACTS] == [f"F{number}" for number in range(1, 41)]


def test_what_the_public_record_says_is_listed_too():
    assert len(RECORD) > len(FACTS)


@pytest.mark.parametrize("language", list(copies_of_texts.shipped().by_language))
@pytest.mark.parametrize(("fact", "path", "ids"), RECORD, ids=[fact for fact, _, _ in RECORD])
def test_a_fact_stands_where_the_table_says(language, fact, path, ids):
    texts = copies_of_texts.shipped().texts_in(language)
    pages = {document.path: document for document in (*texts.guides.values(), *texts.pages.values())}
    for id_ in re.sub(r"\(.*\)", "", ids).split(","):
        assert id_.strip() in pages[path].rendered.ids
