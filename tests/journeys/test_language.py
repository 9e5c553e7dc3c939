"""A person changes the language midway; every answer stays, and the mail comes in the language they chose."""

import pytest

from tests.journeys.story import LANGUAGES, answer, assert_reads_back, pages, path, say, send
from tests.served import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_the_language_changes_midway_and_every_answer_stays(walker, site):
    english, spanish = (pages("another", language, name="José Ángel Núñez") for language in LANGUAGES)
    walker.open(site.address + path("es", "candidacy"))
    walker.go_on(say("es", "Start"))
    answer(walker, spanish[:2], "es")
    walker.go_on(say("es", "Continue"))  # nothing chosen
    assert walker.page.title().startswith(say("es", "Error:"))
    walker.page.get_by_role("link", name="English").click()
    assert walker.page.url.endswith(path("en", "step", "infection"))
    answer(walker, english[2:3], "en")
    walker.page.get_by_role("link", name="Español").click()
    answer(walker, spanish[3:], "es")
    assert walker.page.url.endswith(path("es", "check"))
    assert_reads_back(walker, spanish)
    reference = send(walker, "es")
    assert wait_for(lambda: any("Hola" in mail and reference in mail and "folio" in mail for mail in site.mails()))
