"""The printable guide: its address, its text, and questions for one's own doctor."""

import pytest

from content.library import library
from tests.content.readability import parsed, text_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_printed_guide_ends_with_questions_for_ones_own_doctor(client, language):
    prefix = "" if language == "en" else f"/{language}"
    questions = library().texts_in(language).guides["questions-for-your-doctor"]
    assert len(questions.meta["handout"]) >= 5
    for guide in library().texts_in(language).guides.values():
        page = parsed(client.get(prefix + guide.path).content)
        printed = " ".join(text_of(part) for part in page.iter() if "only-print" in part.get("class", "").split())
        assert f"http://localhost:8000{prefix}{guide.path}" in printed
        for question in questions.meta["handout"]:
            assert (question in printed) == (guide != questions)
