"""Back, Forward and Refresh in three engines: every POST redirects, so nothing is sent twice."""

import json
from contextlib import contextmanager

import pytest

from tests import engines
from tests.builders import answers
from tests.engines import Chromium, Engine, wait_until
from tests.journeys.script import path, say
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser]

ENGINES = (
    "chromium",
    pytest.param("firefox", marks=pytest.mark.firefox),
    pytest.param("webkit", marks=pytest.mark.webkit),
)


@pytest.fixture
def engine(request, tmp_path):
    name = request.param
    if name == "chromium":
        yield Chromium(request.getfixturevalue("browser"))
        return
    with getattr(engines, name)(tmp_path) as started:
        yield started


class Reader:
    """Drive one engine: press controls by their text, choose by value, read the page."""

    def __init__(self, engine: Engine, site: str):
        self.engine = engine
        self.site = site

    def open(self, address: str) -> None:
        self.engine.open(address if address.startswith("http") else self.site + address)

    @property
    def place(self) -> str:
        return self.engine.run("return location.pathname + location.search")

    @property
    def text(self) -> str:
        return self.engine.run("return document.querySelector('main').innerText")

    def chosen(self, name: str) -> list[str]:
        return self.engine.run(
            f"return [...document.getElementsByName({json.dumps(name)})].filter(i => i.checked).map(i => i.value)"
        )

    def choose(self, name: str, value: str) -> None:
        inputs = f"[...document.getElementsByName({json.dumps(name)})]"
        self.engine.run(f"{inputs}.find(i => i.value === {json.dumps(value)}).click()")

    def tick(self, name: str) -> None:
        self.engine.run(f"document.getElementsByName({json.dumps(name)})[0].click()")

    def press(self, words: str) -> None:
        """Click the control with this text and wait for the next page."""
        controls = "[...document.querySelectorAll('button, a')]"
        self.engine.run(
            f"document.documentElement.dataset.left = 'yes';"
            f"{controls}.find(c => c.textContent.trim() === {json.dumps(words)}).click()"
        )
        wait_until(self.engine, "!document.documentElement.dataset.left && document.readyState === 'complete'")

    @contextmanager
    def going(self):
        """Wait for the page after Back, Forward or Refresh."""
        yield
        wait_until(self.engine, "document.readyState === 'complete' && document.querySelector('main')")


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
@pytest.mark.parametrize("language", ["en", "es"])
def test_back_shows_the_question_with_its_answer_after_a_mistake_and_after_another_language(site, engine, language):
    reader = Reader(engine, site.address)
    go_on = say(language, "Continue")
    reader.open(path(language, "step", "consent"))
    reader.press(go_on)
    assert say(language, "There is a problem") in reader.text
    reader.choose("who", "self")
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
    reader.choose("condition", "oa")
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
    reader.choose("oa-joints", "knee")
    reader.press({"en": "English", "es": "Español"}[other])
    assert reader.place == path(other, "step", "oa-joints")
    assert reader.chosen("oa-joints") == ["knee"]
    reader.press(say(other, "Continue"))
    assert reader.place == path(other, "step", "oa-severity")
    with reader.going():
        engine.back()
    assert reader.place == path(other, "step", "oa-joints")
    assert reader.chosen("oa-joints") == ["knee"]


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_back_shows_no_mistake_over_the_answer_that_replaced_it(site, engine):
    reader = Reader(engine, site.address)
    reader.open(path("en", "step", "consent"))
    reader.choose("who", "self")
    reader.tick("adult")
    reader.tick("consent")
    reader.press("Continue")
    reader.press("Continue")  # nothing chosen
    reader.choose("condition", "oa")
    reader.press("Continue")
    with reader.going():
        engine.back()
    while reader.place == path("en", "step", "condition"):  # the number of history entries differs by engine
        assert reader.chosen("condition") == ["oa"]
        assert say("en", "There is a problem") not in reader.text
        with reader.going():
            engine.back()
    assert reader.chosen("who") == ["self"]


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
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


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_cleared_device_may_load_its_page_again(site, engine):
    reader = Reader(engine, site.address)
    reader.open(path("en", "step", "consent"))
    reader.press(say("en", "Clear this device"))
    for _again in range(2):
        assert say("en", "This device is clear") in reader.text
        with reader.going():
            engine.reload()
