"""Canary words from every free-text field appear in no table, log, URL, backup or mail to staff."""

import base64
import sqlite3
import zlib
from contextlib import closing

import pytest

from tests.backups.places import BACKUP_RECIPIENT, identity_file
from tests.builders import answers
from tests.canaries import desk_work, failures, own_page, searching
from tests.canaries.planted import CANARY, PATIENT_INPUT, REPLIED, WRITTEN
from tests.outbox.smtp import postman_at_work
from tests.served import HANG, manage, serve, wait_for
from tests.visitor import Page, Visitor

pytestmark = pytest.mark.server

TO_STAFF = ["staff@clinic.example"]


@pytest.fixture
def postman():
    with postman_at_work("451 no such user here") as (postman, port):
        yield postman, port


@pytest.fixture
def site(tmp_path, postman):
    backups, passing = tmp_path / "backups", tmp_path / "passing"
    backups.mkdir()
    passing.mkdir()
    served = serve(
        tmp_path,
        EMAIL_URL=f"smtp://127.0.0.1:{postman[1]}",
        STAFF_REQUIRE_OTP="off",
        BACKUP_DIR=str(backups),
        BACKUP_RECIPIENTS=BACKUP_RECIPIENT,
        TMPDIR=str(passing),
    )
    yield served
    served.stop()


class Guest(Visitor):
    """A visitor that records redirect targets and error pages."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.led_to: list[str] = []
        self.error_pages: list[Page] = []

    def _fetch(self, request) -> Page:
        page = super()._fetch(request)
        if page.address != request.full_url:
            self.led_to.append(page.address)
        if page.status >= 400 and page.status not in (422, 429):  # those repeat the input, so that it can be corrected
            self.error_pages.append(page)
        return page


def test_no_canary_is_found_anywhere_it_does_not_belong(site, postman):
    patient, unfinished, staff = (Guest(site.address) for _ in range(3))
    patient.answer_everything(answers("both", who="other") | PATIENT_INPUT)
    assert CANARY in patient.get("/candidacy/check/").text
    assert "CRC-" in patient.send().text
    unfinished.answer_everything(answers("ra") | PATIENT_INPUT)
    desk_work.sign_in(staff, site)
    record = desk_work.record_of(staff)
    desk_work.work_on(staff, record)
    code = own_page.write(patient, site)
    told = set(WRITTEN.values()) - {WRITTEN["unsent"]} | {REPLIED["reply"]}
    assert told <= set(searching.stands_in(staff.get(record).text))

    outcomes = (
        list(failures.at_the_door(site))
        + list(failures.signing_in(site))
        + list(failures.at_the_form(site, unfinished))
    )
    outcomes += [(unfinished.get(address), 404) for address in failures.ADDRESSES]
    shown = [staff.get(address) for address in failures.ON_THE_DESK]
    refused, _port = postman
    assert wait_for(lambda: site.log.count("letter not sent") >= 3)
    refused.answer = None  # the mail server accepts mail from here on
    site.manage("backup")
    outcomes += failures.locked_database(site, unfinished)
    outcomes += failures.broken_wording(site, lambda: staff.get(record))
    assert [page.status for page, status in outcomes] == [status for page, status in outcomes]
    assert wait_for(lambda: unsent_letters(site) == 0)

    errors = [page for page, _status in outcomes if page.status >= 400 and page.status not in (422, 429)]
    pages = [page.text for page in (*errors, *patient.error_pages, *unfinished.error_pages, *staff.error_pages)]
    led_to = [page.address for page in errors] + patient.led_to + unfinished.led_to + staff.led_to
    assert {page.status for page in shown} == {200, 404}
    # A page may repeat the requested address to the requester, but nothing that was posted; only the patient's own page
    # gives a message that it could not take in back to its sender.
    assert set(searching.stands_in("\n".join(pages))) <= {failures.FORGED, REPLIED["reply"]}
    assert searching.stands_in("\n".join(address for address in led_to if failures.FORGED not in address)) == []
    assert_nowhere(site, refused)
    assert code not in site.log
    assert not any(code in address for address in patient.led_to)


def unsent_letters(site) -> int:
    with closing(sqlite3.connect(site.folder / "db.sqlite3", timeout=HANG)) as database:
        return database.execute("SELECT count(*) FROM screening_letter WHERE sent_at IS NULL").fetchone()[0]


def assert_nowhere(site, refused) -> None:
    assert searching.stands_in(searching.in_database(site.folder / "db.sqlite3")) == []
    assert searching.stands_in(site.log) == []
    assert searching.stands_in(searching.in_folder(site.folder / "backups")) == []
    assert searching.stands_in(searching.in_folder(site.folder / "passing")) == []
    assert "SMTPRecipientsRefused" in site.log
    assert '"error": "TypeError' in site.log
    assert '"error": "OperationalError' in site.log
    (backup,) = sorted((site.folder / "backups").glob("*.backup"))[-1:]
    elsewhere = site.folder / "elsewhere.sqlite3"
    identity = identity_file(site.folder)
    manage(
        site.environment | {"DATABASE_URL": f"sqlite:///{elsewhere}"},
        "restore", str(backup), "--identity", str(identity),
    )  # fmt: skip
    assert searching.stands_in(searching.in_database(elsewhere)) == []
    to_staff = [mail.content.decode() for mail in refused.mails if mail.rcpt_tos == TO_STAFF]
    assert len(to_staff) >= 2  # a new inquiry, a message from the patient
    assert any("text/calendar" in mail for mail in to_staff)
    assert searching.stands_in("\n".join(to_staff)) == []
    to_patient = [mail.content.decode() for mail in refused.mails if mail.rcpt_tos != TO_STAFF]
    expected = {PATIENT_INPUT["email"].partition("@")[0], f"{CANARY}name", WRITTEN["paragraph"]}
    assert set(searching.stands_in("\n".join(to_patient))) == expected


@pytest.mark.parametrize(
    "hide", [bytes, base64.b64encode, lambda value: base64.urlsafe_b64encode(zlib.compress(value))]
)
def test_the_search_for_canaries_would_find_one(tmp_path, hide):
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        database.execute("CREATE TABLE t (a)")
        database.execute("INSERT INTO t VALUES (?)", [hide(f"pickled {CANARY} inside".encode()).decode()])
    assert searching.stands_in(searching.in_database(tmp_path / "db.sqlite3")) == [CANARY]
