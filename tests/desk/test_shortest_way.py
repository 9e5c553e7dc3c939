"""The commonest job in at most five keys or clicks: open the most urgent unread, log a call, set a status, go on."""

import re

import pytest

from tests.builders import answers
from tests.journeys.screenshots import assert_accessible, assert_landmarks_can_be_told_apart
from tests.sign_in import sign_in
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server]
MOST = 5


def press_alt(page, key: str) -> None:
    """Press an accesskey. Chromium acts on the character, which Playwright's own press does not send with Alt."""
    session = page.context.new_cdp_session(page)
    for kind in ("rawKeyDown", "char", "keyUp"):
        session.send(
            "Input.dispatchKeyEvent", {"type": kind, "modifiers": 1, "key": key, "text": key, "unmodifiedText": key}
        )


class Counted:
    """A person at the desk whose keys and clicks are counted. A key with Alt is one."""

    def __init__(self, page):
        self.page = page
        self.times = 0

    def key(self, key: str) -> None:
        self.times += 1
        self.page.keyboard.press(key)

    def alt(self, key: str) -> None:
        self.times += 1
        press_alt(self.page, key)

    def click(self, element: str) -> None:
        self.times += 1
        self.page.locator(element).click()

    def choose(self, element: str, label: str) -> None:
        """A click opens the list, another chooses."""
        self.times += 2
        self.page.locator(element).select_option(label=label)


@pytest.fixture
def waiting(site) -> list[str]:
    """Three unread inquiries, the earliest first."""
    patients = [Visitor(site.address) for _number in range(3)]
    for number, patient in enumerate(patients):
        patient.answer_everything(answers("oa", name=f"Eva {number}", email=f"q{number}@example.com"))
    return [patient.send().reference for patient in patients]


@pytest.fixture
def inbox(watched, site, waiting):
    """The inbox, with nothing else unread."""
    sign_in(watched, site)
    watched.goto(f"{site.address}/admin/screening/inquiry/")
    assert_landmarks_can_be_told_apart(watched)
    for _more in range(100):
        reference = read_next(watched, site)
        if reference == waiting[0]:
            break
    watched.goto(f"{site.address}/admin/screening/inquiry/")
    return watched


def read_next(page, site) -> str:
    """The reference of the most urgent unread one, which is opened unless it is the first of ours."""
    page.goto(f"{site.address}/admin/screening/inquiry/?tab=unread")
    first = page.locator(".inquiries tbody th a").first
    reference = re.search(r"CRC-[\w-]+", first.inner_text())[0]  # one that cannot be read has no name before it
    if "Eva 0" not in first.inner_text():
        with page.expect_navigation():
            first.click()
    return reference


def done(page, first: str, second: str) -> None:
    """The second is shown; of the first all is saved."""
    page.wait_for_url("**#said")
    assert page.locator("h1").inner_text() == second
    assert page.locator("#said").inner_text() == f"{first}: Saved."
    assert_landmarks_can_be_told_apart(page)
    assert_accessible(page)
    page.locator("#said a").click()
    page.locator("h1", has_text=first).wait_for()
    assert page.locator(".history", has_text="Call logged").is_visible()
    assert page.locator(".history", has_text="New → In review").is_visible()


def test_by_keyboard(inbox, waiting):
    person = Counted(inbox)
    with inbox.expect_navigation():
        person.alt("u")
    assert inbox.locator("h1").inner_text() == waiting[0]
    person.alt("c")
    person.alt("s")
    person.key("I")  # In review
    person.alt("g")
    done(inbox, *waiting[:2])
    assert person.times <= MOST


def test_by_clicks(inbox, waiting):
    person = Counted(inbox)
    with inbox.expect_navigation():
        person.click("a[accesskey=u]")
    person.click("#work_is_call")
    person.choose("#work_to", "In review")
    person.click("button[value=work]")
    done(inbox, *waiting[:2])
    assert person.times <= MOST


def test_the_keys_are_listed_behind_a_question_mark_in_both_languages(inbox, site):
    press_alt(inbox, "?")
    assert inbox.locator("#keys").is_visible()
    assert_accessible(inbox)
    used = {key.lower() for key in inbox.locator("#keys kbd").all_inner_texts()}
    with inbox.expect_navigation():
        press_alt(inbox, "u")
    on_pages = inbox.locator("[accesskey]").evaluate_all("all => all.map(one => one.accessKey)")
    assert set(on_pages) == used
    assert len(on_pages) == len(set(on_pages))
    with inbox.expect_navigation():
        inbox.get_by_role("button", name="Español").click()
    inbox.get_by_role("button", name="Atajos del teclado").click()
    assert inbox.get_by_role("heading", name="Atajos del teclado").is_visible()


def test_the_bar_comes_with_the_first_change_and_the_sheet_opens_for_marking_without_a_script(inbox):
    with inbox.expect_navigation():
        press_alt(inbox, "u")
    bar = inbox.locator(".submit.stays")
    position = "bar => getComputedStyle(bar).position"
    assert bar.evaluate(position) == "static"
    assert inbox.locator(".marking[open]").count() == 0
    assert inbox.locator("script").count() == 0
    inbox.locator(".marking summary").nth(3).click()
    assert bar.evaluate(position) == "static"
    inbox.locator(".marking[open] .mark label").nth(1).click()
    assert bar.evaluate(position) == "sticky"
    inbox.locator(".marking[open] .mark label").nth(0).click()
    assert bar.evaluate(position) == "static"
    inbox.locator(".marking[open] textarea").fill("Which scan?")
    inbox.keyboard.press("Tab")
    assert bar.evaluate(position) == "sticky"
