"""From the home page to the questionnaire, and from what was sent to the staff's sheet."""

import pytest

from tests.builders import answers
from tests.journeys.screenshots import assert_looks_right
from tests.pages import follow
from tests.served import wait_for
from tests.sign_in import sign_in
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server]

CRITERIA = 15
NOT_ASKED = {"ra": 6, "oa": 5, "both": 0}


def test_the_home_page_and_the_guide_lead_to_the_questionnaire(walker, site):
    walker.open(site.address)
    for way_on in ("Read the guide", "See how to start", "Start the questionnaire"):
        walker.go_on(way_on)
    assert walker.page.url.endswith("/candidacy/consent/")


def test_three_people_send_and_staff_find_each_criterion_beside_its_answer(watched, site):
    page = watched
    words = {condition: f"Words of {condition}" for condition in NOT_ASKED}
    patients = {condition: Visitor(site.address) for condition in NOT_ASKED}
    for condition, patient in patients.items():
        own = {"name": f"Ana {condition}", "email": f"ana-{condition}@example.com"}
        patient.answer_everything(answers(condition, anything_else=words[condition], **own))
    references = {condition: patient.send().reference for condition, patient in patients.items()}
    sign_in(page, site)
    page.goto(f"{site.address}/admin/screening/inquiry/")
    assert_looks_right(page)
    for condition, reference in references.items():
        open_record(page, site, f"ana {condition}", reference)
        assert page.locator("table.sheet tr[id^='row-']").count() == CRITERIA + 2
        assert page.get_by_text(words[condition]).count() == 1
        assert page.locator("td.answer", has_text="Not asked").count() == NOT_ASKED[condition]
        assert_looks_right(page)
    page.locator("#row-oa-imaging summary").click()
    page.locator("#id_mark-oa-imaging_1").check()
    page.locator("#id_note-oa-imaging").fill("Which scan?")
    follow(page.get_by_role("button", name="Save marks and notes"))
    assert page.get_by_text("Marks and notes are saved.").is_visible()
    assert_looks_right(page)
    assert wait_for(lambda: sum(references["both"] in mail.subject + mail.text for mail in site.mails()) == 2)


def open_record(page, site, search: str, reference: str) -> None:
    page.goto(f"{site.address}/admin/screening/inquiry/")
    page.locator("#searchbar").fill(search)
    follow(page.get_by_role("button", name="Search"))
    follow(page.get_by_role("link", name=reference))
