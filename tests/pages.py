"""From one page to the next in Chromium."""

from playwright.sync_api import Locator, Page


def follow(control: Locator) -> None:
    """Click what leads to another page, and wait until that page is there, its styles included.

    A click alone comes back as soon as the browser knows of the way, and on a busy machine a test would still look
    at the page before, or at one that has no styles yet.
    """
    with control.page.expect_navigation():
        control.click()


def wait_for_the_focus(page: Page, element: str) -> None:
    """Fail unless ``element`` is in sight and has the keyboard: autofocus comes when the page is there already."""
    page.locator(f"{element}:focus").wait_for()
