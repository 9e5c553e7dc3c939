"""From the inquiry to the consultation, by keyboard and in Spanish, in three browser engines.

Patient and staff write to each other; a time is offered, taken, confirmed, moved, reminded of, and the inquiry closed.
"""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from tests.builders import answers
from tests.engines import Chromium
from tests.inside import inside
from tests.journeys import staff_at_work
from tests.journeys.reader import ENGINES, Reader
from tests.journeys.screenshots import assert_looks_right
from tests.mails import Mail, parsed
from tests.outbox.smtp import postman_at_work
from tests.served import serve, wait_for
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server]
TO_STAFF = "staff@clinic.example"
NAME = "Zacarías Montes"
QUESTION, REPLY = "¿Qué estudio tiene de la rodilla?", "Una resonancia de marzo."


class Consultation:
    """One inquiry: its mails as they arrive, and the pages that patient and staff open in turn."""

    def __init__(self, reader: Reader, site, mails: list, email: str):
        self.reader, self.site, self._envelopes, self.email = reader, site, mails, email
        self.reference = self.own_page = self.record = ""

    def send_answers(self) -> None:
        patient = Visitor(self.site.address)
        patient.answer_everything(answers("both", language="es", name=NAME, email=self.email))
        self.reference = patient.send().reference

    def mails(self) -> list[Mail]:
        mails = [parsed(envelope.content) for envelope in self._envelopes]
        return [mail for mail in mails if self.reference in mail.subject + mail.text]

    def found_in_mail(self, pattern: str) -> str:
        """Return what the newest mail to the patient has that matches, once there is one."""

        def found() -> list[re.Match]:
            texts = [mail.text for mail in self.mails() if mail.to == self.email]
            return [match for text in texts if (match := re.search(pattern, text, re.MULTILINE))]

        matches = wait_for(found)
        assert matches, f"no mail with {pattern}"
        return matches[-1][1]

    def calendar_file(self, to: str, sequence: int):
        """Return method and event of the calendar file with this sequence number in a mail, once it has come."""

        def found():
            for mail in self.mails():
                for part in mail.message.walk():
                    if mail.to == to and part.get_content_type() == "text/calendar":
                        calendar = Calendar.from_ical(part.get_content())
                        (event,) = calendar.walk("VEVENT")
                        if (event["SUMMARY"], event["SEQUENCE"]) == (self.reference, sequence):
                            return calendar["METHOD"], event
            return None

        file = wait_for(found)
        assert file, f"no file {sequence} to {to}"
        return file

    def shows(self, words: str) -> bool:
        """Whether the page shows the words; in Chromium, it must also look right."""
        if isinstance(self.reader.engine, Chromium):
            assert_looks_right(self.reader.engine.page)
        return words in self.reader.engine.run("return document.body.innerText")

    def staff_open_the_record(self) -> None:
        if self.record:
            self.reader.open(self.record)
            return
        self.reader.open("/admin/")
        self.reader.enters("Español")
        self.reader.engine.type("staff")  # the first field has the focus
        self.reader.types("Contraseña", self.site.password)
        self.reader.types("Código de un solo uso", self.site.code())
        self.reader.enters("Entrar")
        self.reader.open("/admin/screening/inquiry/")
        self.reader.types("Buscar una solicitud", self.reference)
        self.reader.enters("Buscar")
        self.reader.enters(NAME)
        self.record = self.reader.place

    def patient_opens_their_page(self) -> None:
        if self.own_page:
            self.reader.open(self.own_page)
            return
        self.reader.open(self.found_in_mail(r"(http://\S+/candidacy/inquiry/\S+/)"))
        assert not self.shows(QUESTION)
        self.reader.enters("Enviarme un código")
        self.reader.types("Código del correo electrónico", self.found_in_mail(r": (\d{6})\s*$"))
        self.reader.enters("Abrir mi página")
        self.own_page = self.reader.place


@pytest.fixture(scope="module")
def mails():
    with postman_at_work() as (postman, port):
        yield postman.mails, port


@pytest.fixture(scope="module")
def site(tmp_path_factory, mails):
    """A site of their own, whose mails go to a real SMTP server."""
    _arrived, port = mails
    served = serve(tmp_path_factory.mktemp("site"), EMAIL_URL=f"smtp://127.0.0.1:{port}")
    yield served
    served.stop()


@pytest.fixture
def consultation(engine, site, mails):
    arrived, _port = mails
    email = f"zacarias@{type(engine).__name__.lower()}.example"  # the daily limit of mails counts by mailbox
    return Consultation(Reader(engine, site.address), site, arrived, email)


@pytest.mark.parametrize("started", ENGINES, indirect=True)
def test_from_the_inquiry_to_the_consultation(consultation, site):
    they, reader = consultation, consultation.reader
    they.send_answers()
    days = [(date.today() + timedelta(days=number)).isoformat() for number in (3, 4, 5, 7)]

    they.staff_open_the_record()
    reader.types("Su mensaje para el paciente", QUESTION)
    reader.enters("Enviar mensaje")
    assert they.shows("El mensaje está en la página del paciente.")

    they.patient_opens_their_page()
    assert they.shows(QUESTION)
    reader.types("Su mensaje", REPLY)
    reader.enters("Enviar mensaje")
    assert they.shows(REPLY)

    they.staff_open_the_record()
    assert they.shows(REPLY)
    reader.unfolds("Ofrecer horarios")
    for row, day in enumerate(days[:3], 1):
        reader.sets(f"[name=date_{row}]", day)
        reader.sets(f"[name=time_{row}]", "16:40")
    reader.enters("Ofrecer estos horarios")
    assert they.shows("Los horarios están ofrecidos")

    they.patient_opens_their_page()
    reader.unfolds("Ver los horarios en otra zona horaria")
    reader.chooses("Mostrar los horarios", "America/New_York")
    reader.enters("Mostrar")
    assert they.shows("19:40")
    reader.enters("Elegir este horario")
    assert they.shows("Usted eligió este horario.")
    taken = they.calendar_file(TO_STAFF, 0)[1]
    assert taken["STATUS"] == "TENTATIVE"

    they.staff_open_the_record()
    reader.enters("Confirmar")
    assert they.shows("La cita está confirmada.")
    assert they.calendar_file(they.email, 1)[1]["STATUS"] == "CONFIRMED"
    reader.unfolds("Cambiar una cita de horario")
    reader.sets("[name=date]", days[3])
    reader.enters("Cambiarla")
    assert they.shows("La cita cambió de horario.")
    method, moved = they.calendar_file(they.email, 2)
    assert (method, moved["UID"]) == ("PUBLISH", taken["UID"])
    assert moved.decoded("DTSTART") - taken.decoded("DTSTART") >= timedelta(days=3)
    reader.open(f"/admin/screening/inquiry/appointments/?week={days[3]}")
    assert they.shows(NAME)

    assert inside(site.environment, staff_at_work.remind, they.reference) >= 1
    assert wait_for(lambda: any("Recordatorio de su cita" in mail.subject for mail in they.mails()))

    they.staff_open_the_record()
    reader.unfolds("Una cosa a la vez")
    reader.chooses("Pasar a", "Cerrada (Con cita")
    reader.enters("Cambiar estatus")
    assert they.shows("Se cambió el estatus.")
    they.patient_opens_their_page()
    assert they.shows("Tiene una cita con nosotros.")
    reader.unfolds("No puedo asistir")
    reader.enters("Cancelar esta cita")
    assert they.shows("Cancelada: no tendrá lugar.")
    for to in (they.email, TO_STAFF):
        method, cancelled = they.calendar_file(to, 3)
        assert (method, cancelled["STATUS"], cancelled["UID"]) == ("CANCEL", "CANCELLED", taken["UID"])
    written = [mail.subject + mail.text for mail in they.mails()]
    assert not any(word in text for text in written for word in ("rodilla", "resonancia", "Montes"))
