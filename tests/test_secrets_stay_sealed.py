"""Canary words in every free field are found nowhere: in no table, log or mail to staff, nor after failures."""

import base64
import re
import sqlite3

import pytest

from tests.builders import answers
from tests.inquiries.smtp import postman_at_work
from tests.served import serve, wait_for
from tests.visitor import Visitor

pytestmark = pytest.mark.server

CANARY = "Zyxcanary"
SAID = {
    "name": f"{CANARY}name Person",
    "patient-name": f"{CANARY}patient",
    "email": f"{CANARY}mail@example.com",
    "anything-else": f"{CANARY}words",
}
WRITTEN = {"note": f"{CANARY}note", "remark": f"{CANARY}remark"}


@pytest.fixture
def postman():
    with postman_at_work("550 no such user here") as (postman, port):
        yield postman, port


@pytest.fixture
def site(tmp_path, postman):
    served = serve(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{postman[1]}", STAFF_REQUIRE_OTP="off")
    yield served
    served.stop()


def sign_in(staff: Visitor, site) -> None:
    page = staff.post("/admin/login/", {"username": "staff", "password": site.password, "next": "/admin/"})
    assert "Staff desk" in page.text


def record_of(staff: Visitor) -> str:
    return re.search(r'href="(/admin/screening/inquiry/[\w-]+/change/)', staff.get("/admin/screening/inquiry/").text)[1]


def work_on(staff: Visitor, record: str) -> None:
    page = staff.get(record).text
    shown_first = dict(re.findall(r'name="(initial-[\w-]+)"(?: value="([\w-]*)")?', page))
    marks = dict.fromkeys(re.findall(r'name="(mark-[\w-]+)"', page), "ask")
    notes = dict.fromkeys(re.findall(r'name="(note-[\w-]+)"', page), WRITTEN["note"])
    assert "saved" in staff.post(record, {"do": "marks"} | shown_first | marks | notes).text
    assert "added" in staff.post(record, {"do": "note", "text": WRITTEN["remark"]}).text
    staff.post("/admin/screening/inquiry/", {"q": SAID["name"]})


def provoke_a_server_error(staff: Visitor, site, record: str) -> None:
    """Break the stored wording, so that the sheet fails with every answer in its local variables."""
    with sqlite3.connect(site.folder / "db.sqlite3", timeout=20) as database:
        database.execute('UPDATE screening_wordingversion SET content = \'{"en": {"steps": 7}}\'')
    assert staff.get(record).status == 500


def everything_stored(folder) -> str:
    """Every column of every table, and what base64 in it hides, and the raw bytes of the files beside it."""
    texts = []
    with sqlite3.connect(folder / "db.sqlite3") as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"'):
                texts += [str(value) for value in row]
    decoded = [_decoded(word) for text in texts for word in re.findall(r"[\w+/=-]{16,}", text)]
    files = [file.read_bytes().decode("latin-1") for file in folder.glob("db.sqlite3*")]
    return "\n".join(texts + decoded + files).lower()


def _decoded(word: str) -> str:
    padded = word + "=" * (-len(word) % 4)
    try:
        return base64.urlsafe_b64decode(padded).decode("latin-1")
    except ValueError:
        return ""


def test_no_canary_is_found_anywhere_it_does_not_belong(site, postman):
    patient = Visitor(site.address)
    patient.answer_everything(answers("both", who="other") | SAID)
    assert CANARY in patient.get("/candidacy/check/").text
    assert "CRC-" in patient.send().text
    unfinished = Visitor(site.address)
    unfinished.answer_everything(answers("ra") | SAID)
    staff = Visitor(site.address)
    sign_in(staff, site)
    record = record_of(staff)
    work_on(staff, record)
    assert WRITTEN["remark"] in staff.get(record).text

    refused, _port = postman
    assert wait_for(lambda: site.log.count("letter not sent") >= 2)
    refused.answer = None  # from here on the mail server takes mail
    provoke_a_server_error(staff, site, record)
    assert wait_for(lambda: len(refused.mails) == 2, 40)

    assert CANARY.lower() not in everything_stored(site.folder)
    assert CANARY.lower() not in site.log.lower()
    assert "SMTPRecipientsRefused" in site.log
    assert '"error": "TypeError' in site.log
    (to_staff,) = [mail for mail in refused.mails if mail.rcpt_tos == ["staff@clinic.example"]]
    (to_patient,) = [mail for mail in refused.mails if mail.rcpt_tos != ["staff@clinic.example"]]
    assert CANARY.lower() not in to_staff.content.decode().lower()
    found = set(re.findall(rf"{CANARY}\w*", to_patient.content.decode()))
    assert found == {SAID["email"].partition("@")[0], f"{CANARY}name"}


def test_the_search_for_canaries_would_find_one(tmp_path):
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        database.execute("CREATE TABLE t (a)")
        hidden = base64.b64encode(f"pickled {CANARY} inside".encode()).decode()
        database.execute("INSERT INTO t VALUES (?)", [hidden])
    assert CANARY.lower() in everything_stored(tmp_path)
