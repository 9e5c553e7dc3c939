"""A lost cookie, an expired draft or a later return never leaves the patient without a way on."""

import pytest

from tests.journeys.screenshots import assert_looks_right
from tests.journeys.script import LANGUAGES, answer, begin, pages, path, say, send

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.parametrize("language", LANGUAGES)]
ANSWERED = 4  # pages


@pytest.fixture
def refusals() -> tuple[int, ...]:
    return (403, 422)


@pytest.fixture
def midway(walker, site, language):
    """A walker on the fifth page, with RA."""
    walker.open(site.address + path(language, "candidacy"))
    walker.go_on(say(language, "Start the questionnaire"))
    answer(walker, pages("ra", language)[:ANSWERED], language)
    return walker


@pytest.fixture
def draft_id(midway) -> str:
    """The draft's id as SQLite stores it, from the cookie."""
    (cookie,) = [cookie for cookie in midway.page.context.cookies() if cookie["name"] == "draft"]
    return cookie["value"].partition(":")[0].replace("-", "")


def begins_again(walker, language: str, heading: str, way_on: str) -> None:
    """The current page cannot be saved: an error page says so and leads to a new start, and the journey completes."""
    last = pages("ra", language)[ANSWERED]
    walker.choose(last.chosen[0])
    walker.go_on(say(language, "Continue"))
    assert walker.page.locator("h1").inner_text() == say(language, heading)
    assert_looks_right(walker.page)
    walker.go_on(say(language, way_on))
    assert begin(walker, "ra", language)


def test_somebody_whose_cookies_are_gone_begins_again(midway, language):
    midway.page.context.clear_cookies()
    begins_again(midway, language, "Your browser sent no cookie", "Go to the questions")


@pytest.mark.parametrize(
    "loss",
    [
        "UPDATE screening_draft SET expires_at = datetime(expires_at, '-24 hours') WHERE id = ?",
        "DELETE FROM screening_draft WHERE id = ?",
    ],
    ids=["expired", "erased"],
)
def test_somebody_whose_24_hours_are_over_begins_again(midway, database, draft_id, language, loss):
    assert database.execute(loss, [draft_id]).rowcount == 1
    begins_again(midway, language, "There are no answers to show", "To the questionnaire")


def test_somebody_who_comes_back_within_the_day_goes_on_where_they_stopped(midway, site, language):
    midway.open(site.address + path(language, "candidacy"))
    midway.go_on(say(language, "Go on where you stopped"))
    answer(midway, pages("ra", language)[ANSWERED:], language)
    assert send(midway, language)
