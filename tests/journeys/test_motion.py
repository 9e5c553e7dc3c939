"""Motion explains: a way draws itself, the next question comes in. Neither for who asks for less motion."""

import pytest

from tests.journeys.input_methods import Mouse
from tests.journeys.script import answer, pages, path, say
from tests.served import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.server]

# Before the first frame of each page: what begins to move on it, and whether it comes in over the page before.
_WATCH = """
    window.begun = [];
    addEventListener("animationstart", event => begun.push(event.animationName), true);
    addEventListener("pagereveal", event => window.comesIn = Boolean(event.viewTransition));
"""


@pytest.fixture
def walker(page, request):
    page.emulate_media(reduced_motion=request.param)
    page.add_init_script(_WATCH)
    return Mouse(page)


@pytest.mark.parametrize("walker", ["no-preference"], indirect=True)
def test_a_way_on_a_drawing_draws_itself(walker, site):
    walker.open(f"{site.address}/about/our-clinic/")
    assert wait_for(lambda: "draw" in walker.page.evaluate("begun"))


@pytest.mark.parametrize("walker", ["reduce"], indirect=True)
def test_for_less_motion_the_way_is_there_at_once(walker, site):
    walker.open(f"{site.address}/about/our-clinic/")
    drawn = walker.page.locator(".once").evaluate_all("ways => ways.map(way => getComputedStyle(way).animationName)")
    assert set(drawn) == {"none"}
    assert walker.page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize(("walker", "comes_in"), [("no-preference", True), ("reduce", False)], indirect=["walker"])
def test_the_next_question_comes_in_over_the_former(walker, site, comes_in):
    walker.open(site.address + path("en", "candidacy"))
    walker.go_on(say("en", "Start the questionnaire"))
    answer(walker, pages("oa", "en")[:1], "en")
    assert wait_for(lambda: walker.page.evaluate("window.comesIn !== undefined"))
    assert walker.page.evaluate("comesIn") is comes_in
