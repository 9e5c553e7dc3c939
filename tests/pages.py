"""Page navigation helpers for Chromium."""

from playwright.sync_api import Locator, Page


def follow(control: Locator) -> None:
    """Click a control and wait until the next page and its style sheets have loaded.

    A plain click returns before the navigation ends, so a test would still see the old page or an unstyled one.
    """
    with control.page.expect_navigation():
        control.click()


def wait_for_the_focus(page: Page, element: str) -> None:
    """Wait until ``element`` is visible and focused: autofocus may come after the page has loaded."""
    page.locator(f"{element}:focus").wait_for()
