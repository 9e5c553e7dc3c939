"""Accessibility checks with axe, in light and dark, on a small phone and on a wide screen."""

from axe_playwright_python.sync_playwright import Axe

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


def assert_looks_right(page) -> None:
    assert page.locator("h1").count() == 1, page.url
    for scheme, width in (("light", 360), ("dark", 1280)):
        page.set_viewport_size({"width": width, "height": 800})
        _assert_accessible_in(page, scheme, EVERY_RULE)


def assert_accessible(page) -> None:
    """Run axe in light and dark at the current width."""
    _assert_accessible_in(page, "light", EVERY_RULE)
    _assert_accessible_in(page, "dark", RULES_OF_COLOUR)


def assert_landmarks_can_be_told_apart(page) -> None:
    assert page.evaluate(UNNAMED) == [], page.url


def assert_no_word_is_broken(page) -> None:
    broken = page.evaluate(BROKEN)
    assert broken == [], f"{page.url}: a line ends within {broken}"


def no_look(page) -> None:
    """Skip the check of a page that was checked before."""


def _assert_accessible_in(page, scheme: str, rules: dict) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
    assert_no_word_is_broken(page)
    assert page.evaluate(MISSING) == [], f"{page.url}: described or labelled by what is not there"
    found = Axe().run(page, options=rules)
    assert found.violations_count == 0, f"{page.url} in {scheme}:\n{found.generate_report()}"
