"""Every public page in Chromium, in each language: axe, light and dark, no foreign request, cookie or overflow."""

import time

import pytest

from content.page_cache import public_paths
from tests.journeys.lynx import Lynx
from tests.journeys.screenshots import (
    ON_BOTH_WIDTHS,
    PHONE,
    WIDE,
    assert_fits,
    assert_landmarks_can_be_told_apart,
    assert_looks_right,
)
from tests.pages import follow

pytestmark = [pytest.mark.browser, pytest.mark.server]

MAIN_GUIDE = "/guides/rheumatoid-vs-osteoarthritis/"
ALSO = [
    "/find/",
    "/find/?q=wear+and+tear",
    "/es/find/?q=artrosis",
    "/es/find/?q=xyzzy",
    "/candidacy/",
    "/candidacy/questions/",
    "/es/candidacy/",
    "/es/candidacy/questions/",
    "/nowhere/",
    "/es/nowhere/",
]
# The languages share styles, so each is seen in one colour scheme on each width.
SCHEMES = {"en": ON_BOTH_WIDTHS, "es": {PHONE: "dark", WIDE: "light"}}


@pytest.mark.parametrize("path", [*public_paths(), *ALSO])
def test_a_page_is_accessible_and_fits_a_small_phone(watched, site, path):
    watched.goto(site.address + path)
    language = "es" if path.startswith("/es/") else "en"
    assert watched.locator("html").get_attribute("lang") == language
    assert_landmarks_can_be_told_apart(watched)
    assert_looks_right(watched, SCHEMES[language])
    watched.set_viewport_size({"width": 320, "height": 800})
    assert_fits(watched)
    if not path.removeprefix("/es").startswith("/candidacy/"):
        assert watched.context.cookies() == []


def test_the_other_language_is_one_tap_away_and_shows_the_same_page(watched, site):
    watched.set_viewport_size({"width": 360, "height": 800})
    watched.goto(f"{site.address}{MAIN_GUIDE}")
    follow(watched.get_by_role("link", name="Español"))
    assert watched.url.endswith(f"/es{MAIN_GUIDE}")
    follow(watched.get_by_role("link", name="English"))
    assert watched.url.endswith(MAIN_GUIDE)


@pytest.mark.parametrize(
    "path", ["/", "/es/", MAIN_GUIDE, "/candidacy/", "/es/candidacy/", "/candidacy/consent/", "/nowhere/"]
)
def test_clinic_menu_and_language_share_one_row_on_a_small_phone(watched, site, path):
    watched.goto(site.address + path)
    for width in (320, 360):
        watched.set_viewport_size({"width": width, "height": 800})
        middles = watched.evaluate(
            """[...document.querySelectorAll("header :is(.brand, .menu-button, .languages)")].map(one => {
                const box = one.getBoundingClientRect();
                return Math.round(box.top + box.height / 2);
            })"""
        )
        assert len(set(middles)) == 1, width


def test_words_explain_themselves_in_the_margin_of_a_wide_screen(watched, site):
    watched.set_viewport_size({"width": 1280, "height": 800})
    watched.goto(site.address + MAIN_GUIDE)
    word, note = (watched.locator(f".prose > p > {kind}").first for kind in (".term", ".meaning"))
    text = watched.locator(".prose > p:has(.meaning)").first.bounding_box()
    assert note.is_visible()
    assert note.bounding_box()["x"] > text["x"] + text["width"]
    assert abs(note.bounding_box()["y"] - word.bounding_box()["y"]) < 40
    watched.set_viewport_size({"width": 1000, "height": 800})
    assert not note.is_visible()


def test_no_line_begins_with_the_full_stop_after_a_word_that_explains_itself(watched, site):
    watched.goto(f"{site.address}/es{MAIN_GUIDE}")
    for width in range(320, 440, 6):
        watched.set_viewport_size({"width": width, "height": 800})
        below = watched.evaluate(
            """[...document.querySelectorAll(".prose .joined")].filter(joined => {
                const [word, stop] = [joined.firstChild, joined.lastChild], range = document.createRange();
                range.selectNode(stop);
                return range.getBoundingClientRect().top > word.getBoundingClientRect().bottom - 4;
            }).length"""
        )
        assert below == 0, width


@pytest.mark.parametrize("width", [360, 640, 800, 1000, 1152, 1280, 1600])
@pytest.mark.parametrize("path", ["/guides/", "/es/guides/", MAIN_GUIDE, "/find/?q=xyzzy"])
def test_no_card_stands_alone_in_the_last_row(watched, site, path, width):
    watched.set_viewport_size({"width": width, "height": 800})
    watched.goto(site.address + path)
    gaps = watched.evaluate(
        """[...document.querySelectorAll(".guide-cards")].map(list => {
            const [all, last] = [list, list.lastElementChild].map(one => one.getBoundingClientRect().right);
            return Math.round(all - last);
        })"""
    )
    assert set(gaps) == {0}


def test_a_word_typed_on_the_list_of_guides_leads_to_its_section(watched, site):
    watched.set_viewport_size({"width": 360, "height": 800})
    watched.goto(f"{site.address}/es/guides/")
    watched.get_by_role("searchbox", name="Buscar una palabra en las guías").fill("celulas madre")
    with watched.expect_navigation():
        watched.keyboard.press("Enter")
    assert watched.locator("mark").first.inner_text().lower().startswith(("células madre", "cmm"))
    follow(watched.get_by_role("link", name="Glosario: CMM"))
    assert watched.url == f"{site.address}/es/glossary/#msc"


@pytest.mark.text_browser
def test_find_works_in_a_text_browser(site, tmp_path):
    lynx = Lynx(tmp_path)
    try:
        lynx.open(f"{site.address}/guides/")
        lynx.write("Find a word in the guides", "wear and tear")
        lynx.go_on("Find")
        assert "12 places found" in lynx.read()
        lynx.go_on("Glossary: Osteoarthritis")
        assert "breaks down or wears away" in lynx.read()
    finally:
        lynx.close()


def test_a_first_visit_to_the_main_guide_is_light(browser, site):
    """Bytes on the wire for the page, its styles, typeface and images, as the browser counts them; no layout shift."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"{site.address}{MAIN_GUIDE}", wait_until="networkidle")
    by_kind = {kind: sum(sizes[one] for one in sizes if kinds.get(one) == kind) for kind in set(kinds.values())}
    shift = layout_shift(page)
    context.close()
    assert sum(sizes.values()) <= 30_000, by_kind
    assert len(sizes) <= 6, kinds
    assert by_kind["Stylesheet"] <= 10_000
    assert by_kind.get("Script", 0) <= 2_000
    assert by_kind["Font"] <= 12_000
    assert shift == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_the_typeface_comes_late(browser, site, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.route("**/*.woff2", lambda route: (time.sleep(0.7), route.continue_()))
    page.goto(f"{site.address}{MAIN_GUIDE}", wait_until="networkidle")
    assert layout_shift(page) == 0
    page.close()


@pytest.mark.parametrize("path", ["/", "/candidacy/"])
def test_headings_are_set_in_our_typeface(watched, site, path):
    for _ in range(2):  # the first visit may be too quick for it
        watched.goto(site.address + path, wait_until="networkidle")
    wire = watched.context.new_cdp_session(watched)
    root = wire.send("DOM.getDocument")["root"]["nodeId"]
    wire.send("CSS.enable")
    node = wire.send("DOM.querySelector", {"nodeId": root, "selector": "h1"})
    fonts = wire.send("CSS.getPlatformFontsForNode", node)["fonts"]
    assert [(font["familyName"], font["isCustomFont"]) for font in fonts] == [("Clinic Serif", True)]


def layout_shift(page) -> float:
    return page.evaluate(
        """new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(sum), 500);
        })"""
    )


def test_a_term_explains_itself_in_place_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 800, "height": 800})
    page = context.new_page()
    page.goto(f"{site.address}{MAIN_GUIDE}")
    term = page.locator("button.term").first
    meaning = page.locator(f"#{term.get_attribute('popovertarget')}")
    assert not meaning.is_visible()
    term.focus()
    page.keyboard.press("Enter")
    assert meaning.is_visible()
    page.keyboard.press("Escape")
    assert not meaning.is_visible()
    context.close()
