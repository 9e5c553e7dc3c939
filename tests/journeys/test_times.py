"""A time from its offer to its end, in Spanish and by keyboard: offered, taken, moved, reminded of, cancelled."""

from datetime import date, timedelta
from email import message_from_string, policy

import pytest
from icalendar import Calendar

from tests.desk.test_in_chromium import go_to
from tests.drills.environment import inside
from tests.journeys import staff_at_work
from tests.journeys.screenshots import assert_looks_right
from tests.journeys.test_conversation import PERSON, just_sent_as
from tests.served import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.server]
TO_STAFF = "staff@clinic.example"


def presses(page, name: str) -> None:
    """Tab to a button or link, and press Enter."""
    go_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def unfolds(page, name: str) -> None:
    go_to(page, name)
    page.keyboard.press("Enter")


def types(page, field: str, value: str) -> None:
    """Fill a field of day or time, whose keys differ between locales, as the picker does."""
    page.locator(f"[name={field}]").fill(value)


def newest_file(somebody, to: str, sequence: int):
    """Method and event of the calendar file of this sequence in a mail about this inquiry, once it has come."""

    def found():
        for text in somebody.site.mails():
            mail = message_from_string(text, policy=policy.default)
            if mail["To"] == to:
                for part in mail.walk():
                    if part.get_content_type() == "text/calendar":
                        calendar = Calendar.from_ical(part.get_content())
                        (event,) = calendar.walk("VEVENT")
                        if (event["SUMMARY"], event["SEQUENCE"]) == (somebody.reference, sequence):
                            return calendar["METHOD"], event
        return None

    assert wait_for(found), f"no file {sequence} to {to}"
    return found()


def test_from_the_offer_to_the_end(somebody):
    somebody.language = "es"
    just_sent_as(somebody)
    page, site, reference = somebody.page, somebody.site, somebody.reference
    page.context.add_cookies([{"name": "staff-language", "value": "es", "url": site.address}])
    sign_in_in_spanish(page, site)
    days = [(date.today() + timedelta(days=number)).isoformat() for number in (3, 4, 6)]

    open_in_spanish(page, site, reference)
    unfolds(page, "Ofrecer horarios")
    for row, day in enumerate(days[:2], 1):
        types(page, f"date_{row}", day)
        types(page, f"time_{row}", "16:40")
    presses(page, "Ofrecer estos horarios")
    assert page.get_by_text("Los horarios están ofrecidos").is_visible()
    assert_looks_right(page)
    record = page.url.partition("#")[0]

    page.goto(somebody.link_of_mail("inquiry"))
    presses(page, "Enviarme un código")
    page.locator("[name=code]").fill(somebody.code_of_mail())
    presses(page, "Abrir mi página")
    assert "16:40" in somebody.reads()
    unfolds(page, "Ver los horarios en otra zona horaria")
    page.locator("#id_zone").select_option("America/New_York")
    with page.expect_navigation():
        page.locator(".zone button").press("Enter")
    assert "19:40" in somebody.reads()
    presses(page, "Elegir este horario")
    assert "Usted eligió este horario." in somebody.reads()
    own_page = page.url.partition("#")[0]
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Anotarla en su calendario (un archivo)").press("Enter")
    (tentative,) = Calendar.from_ical(downloading.value.path().read_bytes()).walk("VEVENT")
    assert (tentative["SUMMARY"], tentative["STATUS"]) == (reference, "TENTATIVE")
    assert newest_file(somebody, TO_STAFF, 0)[1]["UID"] == tentative["UID"]

    page.goto(record)
    presses(page, "Confirmar")
    assert page.get_by_text("La cita está confirmada.").is_visible()
    assert newest_file(somebody, PERSON["email"], 1)[1]["STATUS"] == "CONFIRMED"
    unfolds(page, "Cambiar una cita de horario")
    types(page, "date", days[2])
    presses(page, "Cambiarla")
    assert page.get_by_text("La cita cambió de horario.").is_visible()
    method, moved = newest_file(somebody, PERSON["email"], 2)
    assert (method, moved["UID"]) == ("PUBLISH", tentative["UID"])
    assert moved.decoded("DTSTART") - tentative.decoded("DTSTART") >= timedelta(days=2)
    page.goto(f"{site.address}/admin/screening/inquiry/appointments/?week={days[2]}")
    assert "Zacarías Montes" in page.locator("#content").inner_text()
    assert_looks_right(page)

    assert inside(site.environment, staff_at_work.remind, reference) >= 1
    assert wait_for(lambda: any(f"Recordatorio de su cita: {reference}" in subject for subject in subjects(site)))

    page.goto(own_page)
    unfolds(page, "No puedo asistir")
    presses(page, "Cancelar esta cita")
    assert "Cancelada: no tendrá lugar." in somebody.reads()
    for to in (PERSON["email"], TO_STAFF):
        method, cancelled = newest_file(somebody, to, 3)
        assert (method, cancelled["STATUS"], cancelled["UID"]) == ("CANCEL", "CANCELLED", tentative["UID"])
    assert not any(word in mail for mail in site.mails() for word in ("rodilla", "Montes"))


def subjects(site) -> list[str]:
    return [message_from_string(mail, policy=policy.default)["Subject"] or "" for mail in site.mails()]


def sign_in_in_spanish(page, site) -> None:
    page.goto(f"{site.address}/admin/")
    page.locator("#id_username").fill("staff")
    page.locator("#id_password").fill(site.password)
    page.locator("#id_otp_token").fill(site.code())
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.address}/admin/")


def open_in_spanish(page, site, reference: str) -> None:
    page.goto(f"{site.address}/admin/screening/inquiry/")
    page.locator("#searchbar").fill(reference)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    presses(page, PERSON["name"])
