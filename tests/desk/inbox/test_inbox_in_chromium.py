"""The inbox, front page and export in Chromium on a real server: search, pages and bulk actions."""

import csv
import re

import pytest

from tests.builders import answers
from tests.journeys.screenshots import assert_looks_right
from tests.pages import follow
from tests.sign_in import sign_in
from tests.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.server]
NAMES = ("Ana Ríos", "Luz Ñandú", "=Eva Paz")


@pytest.fixture
def references(site) -> list[str]:
    """Three inquiries, in the order received."""
    patients = [Visitor(site.address) for _name in NAMES]
    for number, (patient, name) in enumerate(zip(patients, NAMES, strict=True)):
        contact = {"name": name, "email": f"p{number}@example.com", "phone": f"+1619555020{number}"}
        patient.answer_everything(answers("oa", **contact))
    return [patient.send().reference for patient in patients]


def rows(page) -> list[str]:
    return page.locator(".inquiries tbody th .reference").all_inner_texts()


def test_a_manager_finds_leafs_assigns_closes_and_exports(watched, site, references, tmp_path):
    page = watched
    sign_in(page, site)
    assert_looks_right(page)
    page.get_by_text("As a table").first.click()
    assert_looks_right(page)
    follow(page.get_by_role("link", name=re.compile(r"^\d+ Unread$")))
    assert_looks_right(page)
    assert rows(page)[-3:] == references

    page.locator("#searchbar").fill("nandu")
    follow(page.get_by_role("button", name="Search"))
    assert references[1] in rows(page)
    assert "nandu" not in page.url
    assert_looks_right(page)

    page.goto(f"{site.address}/admin/screening/inquiry/?tab=us")
    follow(page.get_by_role("link", name=references[1]))
    follow(page.get_by_role("link", name=f"Next {references[2]}"))
    follow(page.get_by_role("link", name=f"Previous {references[1]}"))
    assert "tab=us" in page.url

    page.goto(f"{site.address}/admin/screening/inquiry/?tab=us")
    for reference in references[:2]:
        page.get_by_label(f"Choose {reference}").check()
    follow(page.get_by_role("button", name="Assign…"))
    assert_looks_right(page)
    follow(page.get_by_role("button", name="Assign"))
    assert_looks_right(page)  # no assignee chosen
    page.get_by_label("Assign to").select_option("staff")
    follow(page.get_by_role("button", name="Assign"))
    assert page.get_by_text("2 inquiries are assigned.").is_visible()

    follow(page.get_by_role("navigation", name="Lists of inquiries").get_by_role("link", name="Mine"))
    assert set(rows(page)) >= set(references[:2])
    follow(page.get_by_role("link", name="Export…"))
    assert_looks_right(page)
    page.get_by_label("With personal data", exact=False).last.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {line["Reference"]: line for line in csv.DictReader(file)}
    assert [table[reference]["Name"] for reference in references[:2]] == ["Ana Ríos", "Luz Ñandú"]

    page.goto(f"{site.address}/admin/screening/inquiry/?tab=mine")
    page.get_by_label("All on this page").check()
    follow(page.get_by_role("button", name="Close…"))
    page.get_by_label("Close as").select_option("no-reply")
    follow(page.get_by_role("button", name="Close", exact=True))
    assert "closed." in page.get_by_role("main").inner_text()
    assert page.get_by_text("Nothing open is assigned to you").is_visible()
    assert_looks_right(page)
