"""A double click, a second tab, Refresh and Back in a browser still produce one inquiry and one pair of letters."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]


def press_send(page, *, times: int = 1) -> None:
    """A second press aborts the first navigation, so only the final page is checked."""
    page.get_by_role("button", name="Send", exact=True).click(click_count=times, no_wait_after=True)
    expect(page).to_have_url(re.compile("/candidacy/sent/$"))
    page.wait_for_load_state()


def test_however_often_send_is_pressed_there_is_one_inquiry(somebody, database):
    somebody.answers_all()
    first, second = somebody.page, somebody.page.context.new_page()
    for tab in (first, second):
        tab.goto(f"{somebody.site.address}/candidacy/check/")
    press_send(first, times=2)
    press_send(second)
    reference = somebody.reference
    for again in (first.reload, second.go_back, second.go_forward, second.reload):
        again()
        assert reference in second.content() or "/candidacy/check/" in second.url
    second.goto(f"{somebody.site.address}/candidacy/check/")
    assert second.url.endswith("/candidacy/sent/")
    inquiries = database.execute("SELECT id FROM screening_inquiry WHERE draft_id = ?", [somebody.draft_id]).fetchall()
    letters = database.execute("SELECT name FROM screening_letter WHERE inquiry_id = ?", inquiries[0]).fetchall()
    assert len(inquiries) == 1
    assert sorted(letters) == [("new-inquiry",), ("received",)]
