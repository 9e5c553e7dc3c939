"""From the start to a reference: each condition, language and input method."""

import pytest

from tests.journeys.script import CONDITIONS, LANGUAGES, complete

WAYS = [
    *(pytest.param(way, marks=pytest.mark.browser) for way in ("keyboard", "touch", "no-script")),
    pytest.param("text-browser", marks=pytest.mark.text_browser),
]
pytestmark = pytest.mark.server


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", WAYS)
def test_a_person_gets_a_reference(walker, site, database, condition, language):
    reference = complete(walker, site, condition, language)
    found = database.execute("SELECT language FROM screening_inquiry WHERE reference = ?", [reference]).fetchall()
    assert found == [(language,)]
