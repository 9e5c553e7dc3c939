"""Changing answers from the check page loses only the answers to questions that are no longer asked."""

import re

import pytest

from tests.journeys.screenshots import assert_looks_right
from tests.journeys.script import LANGUAGES, answer, assert_reads_back, pages, path, say, send
from tests.pages import follow

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.parametrize("language", LANGUAGES)]


@pytest.fixture
def at_check(walker, somebody, language):
    """A walker on the check page, with the RA answers given."""
    somebody.answers_all("ra")
    walker.open(somebody.site.address + path(language, "check"))
    return walker


def change(walker, page, language: str) -> None:
    link = re.compile(rf"^{say(language, 'Change')}\b.*{re.escape(page.heading)}$")
    follow(walker.page.get_by_role("link", name=link))
    assert walker.page.locator("h1").inner_text() == page.heading


def page_of(condition: str, language: str, chosen: str):
    """The page on which it is chosen."""
    return next(page for page in pages(condition, language) if chosen in page.chosen)


def is_at_check(walker, language: str) -> bool:
    return walker.page.url.endswith(path(language, "check"))


def test_a_changed_answer_leads_back_to_the_check_page(at_check, language):
    goals = page_of("ra", language, say(language, "Less pain"))
    change(at_check, goals, language)
    assert_looks_right(at_check.page)
    answer(at_check, [goals], language)
    assert is_at_check(at_check, language)
    assert_reads_back(at_check, [goals])


def test_back_leads_to_the_check_page_and_a_mistake_does_not_lose_the_way(at_check, language):
    infection = page_of("ra", language, say(language, "Not sure"))
    change(at_check, infection, language)
    at_check.go_on(say(language, "Back"))
    assert is_at_check(at_check, language)
    goals = page_of("ra", language, say(language, "Less pain"))
    change(at_check, goals, language)
    at_check.page.get_by_label(say(language, "Less pain"), exact=True).uncheck()
    at_check.go_on(say(language, "Continue"))
    assert at_check.page.title().startswith(say(language, "Error:"))
    assert_looks_right(at_check.page)
    answer(at_check, [goals], language)
    assert is_at_check(at_check, language)


def test_another_condition_asks_what_it_opens_and_drops_what_it_closes(at_check, language):
    for before, after in (("ra", "both"), ("both", "oa"), ("oa", "ra")):
        former, wanted = (pages(condition, language) for condition in (before, after))
        added = [page for page in wanted if page not in former]
        closed = {page.heading for page in former} - {page.heading for page in wanted}
        change(at_check, added[0], language)
        answer(at_check, added, language)
        assert is_at_check(at_check, language)
        assert_looks_right(at_check.page)
        assert_reads_back(at_check, wanted[1:2] + added[1:])
        assert not [heading for heading in closed if heading in at_check.read()]
    send(at_check, language)
    at_check.go_on(say(language, "See or print your answers"))
    assert_reads_back(at_check, added)
    assert not [heading for heading in closed if heading in at_check.read()]
