"""The device forgets, the day is over, or the person comes back later: nobody is stuck."""

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
    """A walker on the fifth page of somebody with RA."""
    walker.open(site.address + path(language, "candidacy"))
    walker.go_on(say(language, "Start"))
    answer(walker, pages("ra", language)[:ANSWERED], language)
    return walker


@pytest.fixture
def draft_id(midway) -> str:
    """As SQLite keeps it; the cookie begins with it."""
    (cookie,) = [cookie for cookie in midway.page.context.cookies() if cookie["name"] == "draft"]
    return cookie["value"].partition(":")[0].replace("-", "")


def begins_again(walker, language: str, heading: str, way_on: str) -> None:
    """What was given last cannot be kept; a page says so and leads to the start, from where it goes on to the end."""
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
