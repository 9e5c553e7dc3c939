"""Enrolment, sign-in and account management in Chromium on a real server, with axe on each page."""

import base64

import pytest
from django_otp.oath import totp

from tests.accounts.people import PASSWORD
from tests.journeys.screenshots import assert_accessible, assert_looks_right_at_its_width, no_look
from tests.pages import follow

pytestmark = [pytest.mark.browser, pytest.mark.server]


def link_for(site, name: str, group: str) -> str:
    return site.manage("add_staff", name, "--group", group, "--skip-checks").split()[-1]


def enrol(page, link: str, look=no_look) -> list[str]:
    """Enrol by keyboard only, with mistakes; return the recovery codes."""
    page.goto(link)
    look(page)
    for password in ("short", PASSWORD):
        page.locator("#id_password").fill(password)
        page.keyboard.press("Tab")
        page.keyboard.type(password)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        look(page)
    key = base64.b32decode(page.locator(".key").inner_text().replace(" ", ""))
    assert page.locator("svg.qr").is_visible()
    for code in ("000000", f"{totp(key):06d}"):
        page.locator("#id_code").fill(code)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        look(page)
    return page.locator(".codes li").all_inner_texts()


def sign_in(page, site, name: str, code: str, look=no_look) -> None:
    page.goto(f"{site.address}/admin/")
    look(page)
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_otp_token").fill(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#logout-form").is_visible()


@pytest.mark.parametrize(("width", "language"), [(360, "Español"), (1280, None)])
def test_somebody_enrols_signs_in_and_brings_in_a_colleague(watched, site, width, language):
    page, name = watched, f"boss{width}"
    page.set_viewport_size({"width": width, "height": 800})
    link = link_for(site, name, "Manager")
    if language:
        page.goto(link)
        follow(page.get_by_role("button", name=language))
    codes = enrol(page, link, assert_looks_right_at_its_width)
    assert len(codes) == 10
    page.goto(link)
    assert_looks_right_at_its_width(page)  # the link is used up
    sign_in(page, site, name, codes[0], assert_looks_right_at_its_width)
    page.goto(f"{site.address}/admin/staff/member/")
    assert_looks_right_at_its_width(page)
    follow(page.locator(".new-account a"))
    assert_looks_right_at_its_width(page)
    page.locator("#id_username").fill(f"colleague{width}")
    page.locator("#id_group_1").check()
    follow(page.locator("button[name='_continue']"))
    assert_looks_right_at_its_width(page)
    follow(page.locator("form[action$='/link/'] button"))
    assert_looks_right_at_its_width(page)
    link = page.locator("#secret").input_value()
    follow(page.locator("#logout-form button"))
    assert len(enrol(page, link)) == 10
    assert page.locator("html").get_attribute("lang") == ("es" if language else "en")
    for secret in (PASSWORD, name, link.rstrip("/").rpartition("/")[2]):
        assert secret not in site.log


def test_a_password_is_changed_and_a_reader_finds_no_accounts(watched, site):
    codes = enrol(watched, link_for(site, "reader", "Reader"))
    sign_in(watched, site, "reader", codes[0])
    assert_accessible(watched)
    assert watched.get_by_role("link", name="Staff accounts").count() == 0
    watched.goto(f"{site.address}/admin/password_change/")
    assert_accessible(watched)


def test_the_pause_is_a_page_of_its_own(page, site):
    for _ in range(5):
        page.goto(f"{site.address}/admin/")
        page.locator("#id_username").fill("nobody")
        page.locator("#id_password").fill("wrong")
        page.locator("#id_otp_token").fill("000000")
        follow(page.get_by_role("button", name="Sign in", exact=True))
    assert page.get_by_role("heading", name="Sign-in is paused").is_visible()
    assert_accessible(page)
    for name in ("nobody", "wrong"):
        assert name not in site.log


def test_a_form_sent_after_the_session_shows_what_was_typed(page, site):
    codes = enrol(page, link_for(site, "late", "Manager"))
    sign_in(page, site, "late", codes[0])
    page.goto(f"{site.address}/admin/staff/member/add/")
    page.locator("#id_first_name").fill("Ana María")
    page.context.clear_cookies(name="staff")
    follow(page.locator("button[name='_continue']"))
    assert page.get_by_role("heading", name="You were signed out").is_visible()
    assert page.get_by_label("first_name").input_value() == "Ana María"
    assert_accessible(page)
