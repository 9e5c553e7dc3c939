"""Accessibility checks with axe, in light and dark, on a small phone and on a wide screen.

`make audit` looks at each page and state of patients in both colour schemes and both languages.
"""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

# axe does not report these as violations: ids in aria-describedby and aria-labelledby that are not on the page.
MISSING = """() => ["aria-describedby", "aria-labelledby"].flatMap(
  (name) => [...document.querySelectorAll(`[${name}]`)].flatMap((element) => element.getAttribute(name).split(/\\s+/))
).filter((id) => id && !document.getElementById(id))"""

# Nor these: landmarks of one role that share a name, or of which one has none.
UNNAMED = """() => {
  const roles = ["form:not([role])", "[role=search]", "nav", "aside"];
  const name = (landmark) => landmark.getAttribute("aria-label")
    || document.getElementById(landmark.getAttribute("aria-labelledby"))?.textContent.trim() || "";
  return roles.flatMap((role) => {
    const names = [...document.querySelectorAll(role)].map(name);
    return names.length > 1 && (names.includes("") || new Set(names).size < names.length) ? [[role, ...names]] : [];
  });
}"""

# Words of a usual length of which a part stands on the next line. An address of the web may be broken anywhere.
BROKEN = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  const broken = [];
  for (let text; (text = texts.nextNode());) {
    if (!text.parentElement.checkVisibility()) continue;
    for (const word of text.data.matchAll(/\\S+:\\/\\/\\S+|[\\p{L}\\p{N}]{2,24}/gu)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const tops = [...range.getClientRects()].filter((box) => box.width > 0).map((box) => Math.round(box.top));
      if (new Set(tops).size > 1 && !word[0].includes("/")) broken.push(word[0]);
    }
  }
  return broken;
}"""

EVERY_RULE = {"resultTypes": ["violations"]}
# The rules whose result may differ in another colour scheme.
RULES_OF_COLOUR = EVERY_RULE | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

IN_BOTH_SCHEMES = {"light": EVERY_RULE, "dark": RULES_OF_COLOUR}

PHONE, WIDE = 360, 1280
ON_BOTH_WIDTHS = {PHONE: "light", WIDE: "dark"}
# The languages share templates and styles, so axe sees a page in English in one way and in Spanish in the other.
IN_TURN = {"en": {PHONE: "light"}, "es": {WIDE: "dark"}}


def assert_looks_right(page, schemes=ON_BOTH_WIDTHS) -> None:
    """Measure the page on a phone and on a wide screen; run axe in the colour scheme that ``schemes`` has for each."""
    assert page.locator("h1").count() == 1, page.url
    for width in (PHONE, WIDE):
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)
        if width in schemes:
            _assert_accessible_in(page, schemes[width], EVERY_RULE)


def assert_looks_right_at_its_width(page) -> None:
    """For what is walked once on a phone and once on a wide screen: axe sees it in one colour scheme on each."""
    assert_fits(page)
    _assert_accessible_in(page, ON_BOTH_WIDTHS[page.viewport_size["width"]], EVERY_RULE)


def assert_accessible(page) -> None:
    """Measure the page and run axe at the current width in both colour schemes."""
    assert_fits(page)
    for scheme, rules in IN_BOTH_SCHEMES.items():
        _assert_accessible_in(page, scheme, rules)


def assert_fits(page) -> None:
    """Nothing is wider than the window, and no line ends within a word."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
    broken = page.evaluate(BROKEN)
    assert broken == [], f"{page.url}: a line ends within {broken}"


def assert_landmarks_can_be_told_apart(page) -> None:
    assert page.evaluate(UNNAMED) == [], page.url


def no_look(page) -> None:
    """Skip the check of a page that was checked before."""


def run_axe(page, scheme: str, rules: dict) -> AxeResults:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if page.evaluate("!window.axe"):  # half a megabyte, once in each document
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate("rules => window.axe.run(rules)", rules))


def _assert_accessible_in(page, scheme: str, rules: dict) -> None:
    assert page.evaluate(MISSING) == [], f"{page.url}: described or labelled by what is not there"
    found = run_axe(page, scheme, rules)
    assert found.violations_count == 0, f"{page.url} in {scheme}:\n{found.generate_report()}"
