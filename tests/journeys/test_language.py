"""Changing the language midway keeps every answer; the mail comes in the language chosen."""

import pytest

from tests.journeys.input_methods import Keyboard
from tests.journeys.screenshots import assert_accessible
from tests.journeys.script import LANGUAGES, answer, assert_reads_back, pages, path, say, send
from tests.pages import follow
from tests.served import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_the_language_changes_midway_and_every_answer_stays(walker, site):
    english, spanish = (
        pages("another", language, name="José Ángel Núñez", email="jose@example.com") for language in LANGUAGES
    )
    walker.open(site.address + path("es", "candidacy"))
    walker.go_on(say("es", "Start the questionnaire"))
    answer(walker, spanish[:2], "es")
    walker.go_on(say("es", "Continue"))  # nothing chosen
    assert walker.page.title().startswith(say("es", "Error:"))
    follow(walker.page.get_by_role("button", name="English"))
    assert walker.page.url.endswith(path("en", "step", "infection"))
    answer(walker, english[2:3], "en")
    follow(walker.page.get_by_role("button", name="Español"))
    answer(walker, spanish[3:], "es")
    assert walker.page.url.endswith(path("es", "check"))
    assert_reads_back(walker, spanish)
    reference = send(walker, "es")
    to_the_patient = ("Hola", reference, "folio")
    assert wait_for(lambda: any(all(word in mail.text for word in to_the_patient) for mail in site.mails()))


def change_language(walker, name: str) -> None:
    button = walker.page.locator("header").get_by_role("button", name=name, exact=True)
    assert button.get_attribute("lang") == {"English": "en", "Español": "es"}[name]
    if isinstance(walker, Keyboard):
        walker._reach(button)
        with walker.page.expect_navigation():
            walker.page.keyboard.press("Enter")
    else:
        follow(button)


@pytest.mark.parametrize("way", ["keyboard", "touch", "no-script"])
def test_what_is_typed_and_not_saved_comes_along_into_the_other_language(walker, site, way):
    english, spanish = (
        pages("another", language, name="José Ángel Núñez", email="jose@example.com") for language in LANGUAGES
    )
    walker.open(site.address + path("en", "candidacy"))
    walker.go_on(say("en", "Start the questionnaire"))
    answer(walker, english[:-1], "en")
    for label in english[-1].chosen:
        walker.choose("Español" if label == "English" else label)  # the language for the reply
    for label, text in english[-1].written:
        walker.write(label, text)
    change_language(walker, "Español")
    assert walker.page.url.endswith(path("es", "step", "contact"))
    assert spanish[-1].heading in walker.read()
    assert not walker.page.get_by_role("alert").count()
    if way != "no-script":  # axe needs JavaScript
        assert_accessible(walker.page)
    change_language(walker, "English")
    change_language(walker, "Español")
    walker.go_on(say("es", "Continue"))
    assert walker.page.url.endswith(path("es", "check"))
    assert_reads_back(walker, spanish[-1:])


def test_enter_in_a_field_goes_on_and_changes_no_language(walker, site):
    way = pages("another", "en")
    walker.open(site.address + path("en", "candidacy"))
    walker.go_on(say("en", "Start the questionnaire"))
    answer(walker, way[:-1], "en")
    for label in way[-1].chosen:
        walker.choose(label)
    for label, text in way[-1].written:
        walker.write(label, text)
    with walker.page.expect_navigation():
        walker.page.get_by_label(way[-1].written[0][0], exact=True).press("Enter")
    assert walker.page.url.endswith(path("en", "check"))


@pytest.mark.text_browser
@pytest.mark.parametrize("way", [pytest.param("text-browser", marks=pytest.mark.text_browser)])
def test_a_text_browser_has_a_way_to_the_other_language_on_each_question(walker, site, way):
    walker.open(site.address + path("en", "step", "consent"))
    walker.go_on("Español")
    assert say("es", "Before you start") in walker.read()
