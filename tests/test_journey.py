"""From the home page to a reference, and to the staff's sheet: in Chromium, on a real server."""

import re
from contextlib import nullcontext

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.builders import BRANCHES, CONTACT
from tests.served import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.server]

CRITERIA = 15


def assert_accessible(page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url} in {scheme}:\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"


def no_look(page) -> None:
    """Without JavaScript there is no axe; the same pages are looked at with it."""


def walk_to_the_questionnaire(page, site, look) -> None:
    page.goto(site.address)
    look(page)
    page.get_by_role("link", name="Read the guide").click()
    look(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("candidate", re.IGNORECASE)).first.click()
    look(page)
    page.goto(f"{site.address}/candidacy/")
    look(page)
    page.get_by_role("link", name="Start").click()


def choose(page, value) -> None:
    for single in value if isinstance(value, list) else [value]:
        page.locator(f"main input[value='{single}']").check()


def go_on(page) -> None:
    page.get_by_role("button", name="Continue").click()


def give_consent(page, look) -> None:
    look(page)
    go_on(page)  # nothing is ticked
    assert page.title().startswith("Error:")
    look(page)
    choose(page, "self")
    page.locator("#id_adult").check()
    page.locator("#id_consent").check()
    go_on(page)


def answer_all(page, condition: str, look) -> None:
    given = {"condition": condition, **BRANCHES[condition], "infection": "unsure", "goals": ["less-pain", "protect"]}
    for slug, value in given.items():
        assert page.url.endswith(f"/candidacy/{slug}/")
        look(page)
        choose(page, value)
        go_on(page)
    page.locator("textarea").fill(f"Words of {condition}\n¿Sí?")
    look(page)
    go_on(page)


def give_contact(page, name: str, look) -> None:
    look(page)
    page.locator("#id_name").fill(name)
    page.locator("#id_email").fill("not an address")
    go_on(page)
    assert page.locator("#id_name").input_value() == name
    look(page)
    page.locator("#id_email").fill("ana@example.com")
    page.locator("#id_phone").fill("(619) 555-0100")
    for key in ("channel", "best-time", "leave-message", "language"):
        page.locator(f"input[name='{key}'][value='{CONTACT[key]}']").check()
    go_on(page)


def send(page, look) -> str:
    assert page.url.endswith("/candidacy/check/")
    look(page)
    page.get_by_role("button", name="Send").click()
    look(page)
    reference = page.locator(".reference").inner_text()
    assert re.fullmatch(r"CRC-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{2}", reference)
    page.get_by_role("link", name="See or print your answers").click()
    look(page)
    return reference


def go_the_whole_way(page, site, condition: str, name: str, look) -> str:
    walk_to_the_questionnaire(page, site, look)
    give_consent(page, look)
    answer_all(page, condition, look)
    give_contact(page, name, look)
    return send(page, look)


def sign_in(page, site) -> None:
    page.goto(f"{site.address}/admin/")
    page.locator("#id_username").fill("staff")
    page.locator("#id_password").fill(site.password)
    page.locator("#id_otp_token").fill(site.code())
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_three_people_send_and_staff_find_each_criterion_beside_its_answer(watched, site, width):
    page = watched
    page.set_viewport_size({"width": width, "height": 800})
    references = {}
    for condition in ("ra", "oa", "both"):
        look = assert_accessible if condition == "both" else no_look
        references[condition] = go_the_whole_way(page, site, condition, f"Ana {condition}", look)
    page.context.clear_cookies()

    def signed_in() -> bool:
        """A one-time code is good once: after another test has used it, the next one comes within half a minute."""
        sign_in(page, site)
        return page.locator("#id_otp_token").count() == 0

    assert wait_for(signed_in, 40)
    page.goto(f"{site.address}/admin/screening/inquiry/")
    assert_accessible(page)
    for condition, reference in references.items():
        page.goto(f"{site.address}/admin/screening/inquiry/")
        page.locator("#searchbar").fill(f"ana {condition}")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name=reference).click()
        assert_accessible(page)
        assert page.locator("table.sheet tr[id^='row-']").count() == CRITERIA + 2
        assert page.get_by_text(f"Words of {condition}").count() == 1
        assert page.locator("td.answer", has_text="Not asked").count() == {"ra": 6, "oa": 5, "both": 0}[condition]
    page.locator("#id_mark-oa-imaging_1").check()
    page.locator("#id_note-oa-imaging").fill("Which scan?")
    page.get_by_role("button", name="Save marks and notes").click()
    assert page.get_by_text("Marks and notes are saved.").is_visible()
    assert_accessible(page)
    assert wait_for(lambda: sum(references["both"] in mail for mail in site.mails()) == 2)


def test_everything_works_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    reference = go_the_whole_way(page, site, "oa", "Ana sin guion", no_look)
    assert reference
    page.goto(f"{site.address}/candidacy/goals/")
    assert page.url.endswith("/candidacy/sent/")
    page.get_by_role("button", name="Clear this device").first.click()
    assert page.get_by_role("heading", name="This device is clear").is_visible()
    context.close()


def test_everything_works_by_keyboard_alone(page, site):
    page.goto(f"{site.address}/candidacy/")
    press_until(page, "Start", "Enter")
    assert page.url.endswith("/consent/")
    press_until(page, "For myself", "Space")
    press_until(page, "I am 18 or over", "Space")
    press_until(page, "I have read this", "Space")
    press_until(page, "Continue", "Enter")
    assert page.url.endswith("/condition/")
    press_until(page, "Continue", "Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


def press_until(page, words: str, key: str) -> None:
    """Tab to the control that these words label, then press a key on it."""
    label = "e => (e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText || '')"
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate(f"({label})(document.activeElement)"):
            break
    else:
        raise AssertionError(f"Tab never reached {words}")
    with page.expect_navigation() if key == "Enter" else nullcontext():
        page.keyboard.press(key)


def test_the_language_changes_midway_and_every_answer_stays(watched, site):
    page = watched
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{site.address}/es/candidacy/")
    assert_accessible(page)
    page.get_by_role("link", name="Empezar").click()
    choose(page, "self")
    page.locator("#id_adult").check()
    page.locator("#id_consent").check()
    page.get_by_role("button", name="Continuar").click()
    choose(page, "another")
    page.get_by_role("button", name="Continuar").click()
    page.get_by_role("button", name="Continuar").click()  # nothing chosen
    assert page.title().startswith("Error:")
    assert_accessible(page)
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/candidacy/infection/")
    choose(page, "no")
    go_on(page)
    page.get_by_role("link", name="Español").click()
    choose(page, "protect")
    page.get_by_role("button", name="Continuar").click()
    page.locator("textarea").fill("Me duele al caminar.")
    page.get_by_role("button", name="Continuar").click()
    page.locator("#id_name").fill("José Ángel Núñez")
    page.locator("#id_email").fill("jose@example.com")
    for key, value in (CONTACT | {"language": "es"}).items():
        if key in ("channel", "best-time", "leave-message", "language"):
            page.locator(f"input[name='{key}'][value='{value}']").check()
    page.get_by_role("button", name="Continuar").click()
    assert page.url.endswith("/es/candidacy/check/")
    assert_accessible(page)
    for answer in ("Otro tipo", "Me duele al caminar."):
        assert page.get_by_text(answer).is_visible()
    page.get_by_role("button", name="Enviar").click()
    assert_accessible(page)
    reference = page.locator(".reference").inner_text()
    assert wait_for(lambda: any("Hola" in mail and reference in mail and "folio" in mail for mail in site.mails()))
