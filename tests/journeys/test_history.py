"""Back, Forward and Refresh in three engines: every POST redirects, so nothing is sent twice."""

import pytest

from tests.builders import answers
from tests.journeys.reader import ENGINES, Reader
from tests.journeys.script import path, say
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("started", ENGINES, indirect=True)
@pytest.mark.parametrize("language", ["en", "es"])
def test_back_shows_the_question_with_its_answer_after_a_mistake_and_after_another_language(site, engine, language):
    reader = Reader(engine, site.address)
    go_on = say(language, "Continue")
    reader.open(path(language, "step", "consent"))
    reader.press(go_on)
    assert say(language, "There is a problem") in reader.text
    reader.choose_value("who", "self")
    reader.tick("adult")
    reader.tick("consent")
    reader.press(go_on)
    condition = path(language, "step", "condition")
    assert reader.place == condition
    reader.press(go_on)
    assert reader.place == condition
    assert say(language, "There is a problem") in reader.text
    with reader.going():
        engine.reload()
    assert say(language, "There is a problem") in reader.text
    reader.choose_value("condition", "oa")
    reader.press(go_on)
    assert reader.place == path(language, "step", "oa-joints")
    with reader.going():
        engine.back()
    assert reader.place == condition
    assert reader.chosen("condition") == ["oa"]
    assert say(language, "There is a problem") not in reader.text
    with reader.going():
        engine.forward()
    other = "es" if language == "en" else "en"
    reader.choose_value("oa-joints", "knee")
    reader.press({"en": "English", "es": "Español"}[other])
    assert reader.place == path(other, "step", "oa-joints")
    assert reader.chosen("oa-joints") == ["knee"]
    reader.press(say(other, "Continue"))
    assert reader.place == path(other, "step", "oa-severity")
    with reader.going():
        engine.back()
    assert reader.place == path(other, "step", "oa-joints")
    assert reader.chosen("oa-joints") == ["knee"]


@pytest.mark.parametrize("started", ENGINES, indirect=True)
def test_back_shows_no_mistake_over_the_answer_that_replaced_it(site, engine):
    reader = Reader(engine, site.address)
    reader.open(path("en", "step", "consent"))
    reader.choose_value("who", "self")
    reader.tick("adult")
    reader.tick("consent")
    reader.press("Continue")
    reader.press("Continue")  # nothing chosen
    reader.choose_value("condition", "oa")
    reader.press("Continue")
    with reader.going():
        engine.back()
    while reader.place == path("en", "step", "condition"):  # the number of history entries differs by engine
        assert reader.chosen("condition") == ["oa"]
        assert say("en", "There is a problem") not in reader.text
        with reader.going():
            engine.back()
    assert reader.chosen("who") == ["self"]


@pytest.mark.parametrize("started", ENGINES, indirect=True)
def test_back_and_forward_after_withdrawing_ask_for_nothing_to_be_sent_again(site, engine, from_elsewhere):
    visitor = Visitor(site.address, headers=from_elsewhere)
    visitor.answer_everything(answers("oa"))
    visitor.send()
    link = visitor.link("/candidacy/withdraw/")
    reader = Reader(engine, site.address)
    reader.open("/candidacy/")
    reader.open(link)
    reader.press(say("en", "Erase my answers"))
    assert "has been erased" in reader.text
    with reader.going():
        engine.back()
    with reader.going():
        engine.forward()
    assert "has been erased" in reader.text
    with reader.going():
        engine.reload()
    assert "has been erased" in reader.text


@pytest.mark.parametrize("started", ENGINES, indirect=True)
def test_a_cleared_device_may_load_its_page_again(site, engine):
    reader = Reader(engine, site.address)
    reader.open(path("en", "step", "consent"))
    reader.press(say("en", "Clear this device"))
    for _again in range(2):
        assert say("en", "This device is clear") in reader.text
        with reader.going():
            engine.reload()
