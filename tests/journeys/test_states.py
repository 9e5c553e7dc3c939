"""axe finds no violation in any state of the questionnaire: light on a phone in English, dark and wide in Spanish."""

import pytest

from tests.journeys.screenshots import IN_TURN, assert_landmarks_can_be_told_apart, assert_looks_right
from tests.journeys.script import LANGUAGES, answer, pages, path, say
from tests.journeys.states import STATES
from tests.pages import wait_for_the_focus

pytestmark = [pytest.mark.browser, pytest.mark.server]
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def refusals() -> tuple[int, ...]:
    return (400, 403, 404, 422, 429, 500, 503)


@in_each_language
@pytest.mark.parametrize(("reach", "heading"), STATES, ids=[reach.__name__ for reach, _heading in STATES])
def test_a_state_is_accessible(somebody, language, reach, heading):
    somebody.language = language
    reach(somebody)
    assert somebody.is_at(heading)
    assert somebody.page.locator("html").get_attribute("lang") == language
    assert_landmarks_can_be_told_apart(somebody.page)
    assert_looks_right(somebody.page, IN_TURN[language])


@in_each_language
def test_each_question_is_accessible_and_so_is_what_it_says_to_a_wrong_answer(walker, site, language):
    walker.open(site.address + path(language, "candidacy"))
    walker.go_on(say(language, "Start the questionnaire"))
    for page in pages("both", language, who="other", patient_name="José Pérez"):
        assert_landmarks_can_be_told_apart(walker.page)
        assert_looks_right(walker.page, IN_TURN[language])
        for text in walker.page.locator("textarea").all():  # optional: too long instead of empty
            text.evaluate("text => text.removeAttribute('maxlength')")
            text.fill("x" * 1001)
        for _ in ("once", "and again, after following the messages"):
            walker.go_on(say(language, "Continue"))
            assert walker.page.title().startswith(say(language, "Error:"))
            wait_for_the_focus(walker.page, "[role=alert]")
            assert_each_message_leads_to_its_field(walker.page)
        assert_looks_right(walker.page, IN_TURN[language])
        answer(walker, [page], language)
    assert walker.page.locator("h1").inner_text() == say(language, "Check your answers")


def assert_each_message_leads_to_its_field(page) -> None:
    for message in page.locator("[role=alert] a").all():
        message.click()
        assert page.evaluate("'#' + document.activeElement.id") == message.get_attribute("href")


@pytest.mark.parametrize(
    "flaw", ["<img src='data:,'>", "<p style='color: #999; background: #aaa'>Pale</p>", "<pre>" + "wide" * 200]
)
def test_a_flaw_would_be_found(page, flaw):
    page.set_content(f"<html lang='en'><title>Flawed</title><main><h1>Flawed</h1>{flaw}</main>")
    with pytest.raises(AssertionError):
        assert_looks_right(page)
