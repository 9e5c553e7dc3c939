"""From the start to a reference: each condition, language and input method."""

import pytest

from tests.journeys.script import CONDITIONS, LANGUAGES, complete

WAYS = [
    *(pytest.param(way, marks=pytest.mark.browser) for way in ("keyboard", "touch", "no-script")),
    pytest.param("text-browser", marks=pytest.mark.text_browser),
]
pytestmark = pytest.mark.server


# Each condition in each language and in each way, and each way in each language.
TURNS = [
    pytest.param(*way.values, condition, LANGUAGES[(number + turn // 2) % 2], marks=way.marks)
    for turn, way in enumerate(WAYS)
    for number, condition in enumerate(CONDITIONS)
]


@pytest.mark.parametrize(("way", "condition", "language"), TURNS)
def test_a_person_gets_a_reference(walker, site, database, condition, language):
    reference = complete(walker, site, condition, language)
    found = database.execute("SELECT language FROM screening_inquiry WHERE reference = ?", [reference]).fetchall()
    assert found == [(language,)]
