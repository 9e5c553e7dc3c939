"""Walkers in Chromium: mouse, keyboard only, touch.

A walker opens an address, reads the page, fills in fields by their label, and follows buttons and links by their text.
Without JavaScript the mouse is used.
"""

import re

from playwright.sync_api import Locator, Page

from tests.pages import follow

SMALL_PHONE = {"viewport": {"width": 360, "height": 800}, "has_touch": True, "is_mobile": True}
TOUCHABLE = 44  # CSS pixels, width and height

# The key that moves the focus towards the target, or whether the focused target is visible and outlined.
_KEY_TOWARDS = """target => {
    const now = document.activeElement;
    if (now === target) {
        const shown = [target, ...(target.labels || [])];
        const isOutlined = shown.some(one => getComputedStyle(one).outlineStyle !== "none");
        const box = target.getBoundingClientRect();
        return isOutlined && box.bottom > 0 && box.top < innerHeight ? "is seen" : "is not seen";
    }
    const isBack = now.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING;
    const isOneGroup = now.type === "radio" && target.type === "radio" && now.name === target.name;
    return isOneGroup ? (isBack ? "ArrowUp" : "ArrowDown") : (isBack ? "Shift+Tab" : "Tab");
}"""


class Mouse:
    def __init__(self, page: Page):
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto(address)

    def read(self) -> str:
        return " ".join(self.page.locator("main").inner_text().split())

    def choose(self, label: str) -> None:
        self._field(label).check()

    def write(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def go_on(self, words: str) -> None:
        follow(self._way_on(words))

    def _field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def _way_on(self, words: str) -> Locator:
        main = self.page.locator("main")
        button, link = (main.get_by_role(role, name=words, exact=True) for role in ("button", "link"))
        return button.or_(link).first


class Keyboard(Mouse):
    """Tab, Shift+Tab, arrows, Space, Enter and typing. A focused element must be visible and outlined."""

    def open(self, address: str) -> None:
        """Open the page and follow the skip link, the first Tab stop."""
        super().open(address)
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.matches('a.skip')")
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main"

    def choose(self, label: str) -> None:
        field = self._field(label)
        self._reach(field)
        if not field.is_checked():  # an arrow key selects the radio button that it reaches, Tab does not
            self.page.keyboard.press("Space")
        assert field.is_checked()

    def write(self, label: str, text: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.type(text)

    def go_on(self, words: str) -> None:
        self._reach(self._way_on(words))
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _reach(self, target: Locator) -> None:
        for _ in range(60):
            key = target.evaluate(_KEY_TOWARDS)
            if key.startswith("is"):
                assert key == "is seen", f"{target} has the focus and does not show it"
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keys never reached {target}")


class Touch(Mouse):
    """Taps on a small phone. Targets must be at least TOUCHABLE in size, and no page may scroll sideways."""

    def read(self) -> str:
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= SMALL_PHONE["viewport"]["width"], f"{self.page.url} is {width} wide"
        return super().read()

    def choose(self, label: str) -> None:
        self._tap(self.page.locator("label", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")))
        assert self._field(label).is_checked()

    def write(self, label: str, text: str) -> None:
        self._tap(self._field(label))
        self.page.keyboard.type(text)

    def go_on(self, words: str) -> None:
        with self.page.expect_navigation():
            self._tap(self._way_on(words))

    def _tap(self, target: Locator) -> None:
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= TOUCHABLE, f"{target} is {box['width']} by {box['height']}"
        target.tap()
