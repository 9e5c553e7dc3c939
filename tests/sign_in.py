"""Sign in to a served site with name, password and one-time code."""

from tests.pages import follow


def sign_in(page, site) -> None:
    page.goto(f"{site.address}/admin/")
    page.locator("#id_username").fill("staff")
    page.locator("#id_password").fill(site.password)
    page.locator("#id_otp_token").fill(site.code())
    follow(page.get_by_role("button", name="Sign in", exact=True))
