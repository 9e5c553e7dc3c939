"""Passkeys in Chromium with its virtual authenticator, on a real server: enrolment, sign-in, a person who cancels."""

import pytest

from tests.accounts.people import PASSWORD
from tests.accounts.test_in_chromium import link_for
from tests.journeys.screenshots import assert_looks_right_at_its_width
from tests.pages import follow
from tests.served import serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def named_site(tmp_path_factory):
    """The site at a name, since passkeys belong to a name and not to an IP address."""
    served = serve(tmp_path_factory.mktemp("named"), WEB_CONCURRENCY="1")
    served.stop()
    served.environment["SITE_URL"] = f"http://localhost:{served.port}"
    served.start()
    yield served
    served.stop()


@pytest.fixture
def reader(page):
    """A laptop with a fingerprint reader; a function that turns the finger's recognition on and off."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]

    def recognize(is_recognized: bool) -> None:
        state = {"authenticatorId": made, "isUserVerified": is_recognized}
        session.send("WebAuthn.setUserVerified", state)

    return recognize


def choose_password(page, link: str) -> None:
    page.goto(link)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    follow(page.get_by_role("button", name="Continue"))


@pytest.mark.parametrize("width", [360, 1280])
def test_somebody_enrols_a_passkey_and_opens_the_desk_with_it(page, named_site, reader, width):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 800})
    link = link_for(named_site, f"passkey{width}", "Reader").replace("127.0.0.1", "localhost")
    choose_password(page, link)
    assert not page.get_by_text("No passkey was made").is_visible()
    page.get_by_label("A name for it").fill("Clinic laptop")
    follow(page.get_by_role("button", name="Add a passkey"))
    assert page.locator(".passkeys li").count() == 1
    assert_looks_right_at_its_width(page)
    follow(page.get_by_role("button", name="Finish without the app"))
    assert page.locator(".codes li").count() == 10
    page.goto(f"http://localhost:{named_site.port}/admin/")
    assert_looks_right_at_its_width(page)
    assert not page.get_by_text("No passkey was used").is_visible()
    reader(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("No passkey was used").wait_for()
    reader(True)
    follow(page.get_by_role("button", name="Sign in with a passkey"))
    assert page.locator("#logout-form").is_visible()
    assert complaints == []
    for secret in (f"passkey{width}", "Clinic laptop", PASSWORD):
        assert secret not in named_site.log


def test_without_javascript_password_and_code_are_all_there_is(browser, named_site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://localhost:{named_site.port}/admin/")
    assert page.locator("#id_otp_token").is_visible()
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    context.close()
