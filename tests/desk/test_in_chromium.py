"""A reviewer's work from unread to closed, by keyboard only, in Spanish, in Chromium, on a real server."""

import pytest

from tests.accounts.test_in_chromium import enrol, link_for, sign_in
from tests.builders import answers
from tests.journeys.reader import NAME as NAME_OF_THE_FOCUSED
from tests.journeys.screenshots import assert_looks_right_at_its_width, no_look
from tests.pages import follow, wait_for_the_focus
from tests.served import wait_for
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server]

NAME = f"() => {{ {NAME_OF_THE_FOCUSED} }}"
QUESTION, OFFER = "¿Qué estudio le hicieron?", "¿Le queda bien el martes a las 10?"
NOTE_ON_ROW = "Preguntar por los análisis."
REMARK = "Prefiere que le llamen en la mañana."


def go_to(page, name: str) -> None:
    """Press Tab until an element with this name has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"Tab never reached {name}")


def press(page, name: str, look=assert_looks_right_at_its_width) -> None:
    """Tab to a link or button, press Enter, and check the next page."""
    go_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look(page)


def assert_message(page, words: str) -> None:
    """Assert that the success message is focused and visible."""
    wait_for_the_focus(page, "#said")
    message, top, bottom = page.evaluate(
        """() => {
            const {top, bottom} = document.activeElement.getBoundingClientRect();
            return [document.activeElement.id + ": " + document.activeElement.innerText, top, bottom];
        }"""
    )
    assert message == f"said: {words}"
    assert top >= 0
    assert bottom <= page.viewport_size["height"]


def move(page, to: str, look=assert_looks_right_at_its_width) -> None:
    go_to(page, "Pasar a")
    page.keyboard.type(to)
    press(page, "Cambiar estatus", look)
    assert_message(page, "Se cambió el estatus.")
    assert page.locator("#status .now").inner_text().startswith(to)


def mark_the_first_row(page) -> None:
    go_to(page, "Marca y nota")
    page.keyboard.press("Enter")
    go_to(page, "Sin revisar")
    page.keyboard.press("ArrowRight")
    go_to(page, "Nota:")
    page.keyboard.type(NOTE_ON_ROW)
    assert page.locator(".submit.stays").evaluate("bar => getComputedStyle(bar).position") == "sticky"
    press(page, "Guardar marcas y notas")
    assert_message(page, "Se guardaron las marcas y las notas.")


def write_a_letter(page, letter: str, paragraph: str, look=assert_looks_right_at_its_width) -> None:
    press(page, "Escribir una carta", look)
    go_to(page, "Hacer unas preguntas")
    page.keyboard.press("Space")
    while not page.evaluate(NAME).startswith(letter):
        page.keyboard.press("ArrowDown")
    press(page, "Ver la carta", look)
    assert page.title().startswith("Error:")
    wait_for_the_focus(page, "[role=alert]")
    go_to(page, "Su propio párrafo")
    page.keyboard.type(paragraph)
    press(page, "Ver la carta", look)
    assert page.locator(".letter").get_by_text(paragraph).is_visible()
    press(page, "Enviar la carta", look)
    assert_message(page, "La carta va en camino.")


def letters_about(reference: str, site) -> list[str]:
    """Return the text of each mail with the reference in its subject."""
    return [mail.text for mail in site.mails() if reference in mail.subject]


def assert_prints_well(page) -> None:
    """In print, controls are hidden and written texts are shown in full."""
    page.emulate_media(media="print")
    for written in (NOTE_ON_ROW, REMARK, QUESTION, OFFER):
        assert page.get_by_text(written).locator("visible=true").count() == 1
    for control in ("button", "textarea", "select", "summary", "nav a"):
        assert page.locator(control).locator("visible=true").count() == 0, control
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_reviewer_takes_an_inquiry_from_unread_to_closed(watched, site, width):
    patient = Visitor(site.address)
    patient.answer_everything(answers("both", language="es"))
    reference = patient.send().reference

    page, name = watched, f"luz{width}"
    page.set_viewport_size({"width": width, "height": 800})
    link = link_for(site, name, "Reviewer")
    page.goto(link)
    follow(page.get_by_role("button", name="Español"))
    sign_in(page, site, name, enrol(page, link)[0])

    page.goto(f"{site.address}/admin/screening/inquiry/?tab=unread")
    press(page, "Ana Pérez")
    assert page.locator("h1").inner_text() == reference
    go_to(page, "Una cosa a la vez")
    page.keyboard.press("Enter")
    press(page, "Tomar la solicitud", no_look)
    assert_message(page, f"Asignada a {name}.")
    move(page, "En revisión")
    mark_the_first_row(page)
    write_a_letter(page, "Hacer unas preguntas", QUESTION)
    write_a_letter(page, "Ofrecer una conversación", OFFER, no_look)
    go_to(page, "Su nota")
    page.keyboard.type(REMARK)
    press(page, "Agregar nota")
    assert_message(page, "Se agregó la nota.")
    move(page, "Cerrada (Spam", no_look)
    press(page, "Deshacer", no_look)
    assert_message(page, "El estatus volvió a ser el de antes.")
    move(page, "Cerrada (Con cita")

    for paragraph in (QUESTION, OFFER):
        assert wait_for(lambda sought=paragraph: any(sought in text for text in letters_about(reference, site)))
    assert page.goto(page.url.partition("#")[0]).ok
    assert page.locator("#timeline").get_by_text("· enviada").count() == 3
    assert page.locator("#events").get_by_text("Carta enviada").count() == 4  # including the notice to staff
    assert_prints_well(page)
    for secret in (QUESTION, OFFER, REMARK, "ana@example.com"):
        assert secret not in site.log
