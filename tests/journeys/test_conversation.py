"""Patient and staff write to each other: the mail, the code, the message, the reply, and the next message."""

import pytest

from tests.journeys.test_desk import open_record
from tests.pages import follow
from tests.sign_in import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.server]
PERSON = {"name": "Zacarías Montes", "email": "zacarias@example.net", "phone": "+526645550188"}


def staff_write(page, site, reference: str, text: str) -> str:
    """Return what the record's conversation shows before ``text`` is sent."""
    open_record(page, site, reference, reference)
    read = page.locator("#timeline").inner_text()
    page.locator("#message_text").fill(text)
    follow(page.get_by_role("button", name="Send message"))
    assert page.get_by_text("The message is on the patient's page").is_visible()
    return read


def test_in_spanish_from_the_mail_to_a_reply_that_staff_read(somebody):
    somebody.language = "es"
    just_sent_as(somebody)
    page, reference = somebody.page, somebody.reference
    sign_in(page, somebody.site)
    staff_write(page, somebody.site, reference, "¿Qué estudio tiene de la rodilla?")
    page.goto(somebody.link_of_mail("inquiry"))
    assert "rodilla" not in somebody.reads()
    somebody.presses("Send me a code")
    page.locator("[name=code]").fill(somebody.code_of_mail())
    somebody.presses("Open my page")
    assert "¿Qué estudio tiene de la rodilla?" in somebody.reads()
    page.locator("[name=text]").fill("Una resonancia de marzo.")
    somebody.presses("Send message")
    assert "Una resonancia de marzo." in somebody.reads()
    assert "Una resonancia de marzo." in staff_write(page, somebody.site, reference, "Gracias.")
    assert not any("rodilla" in mail or "resonancia" in mail for mail in somebody.site.mails())


def just_sent_as(somebody) -> None:
    somebody.answers_all(**PERSON)
    somebody.sends()
    somebody.opens("sent")
