"""Every page of the desk: never stored, no name in its title, and forms that have names of their own."""

from collections import Counter
from xml.etree.ElementTree import Element

import pytest
from django.http import HttpResponse

from screening.inquiries import services
from screening.outbox import queue
from tests.accounts.people import member
from tests.builders import inquiry
from tests.content.readability import parsed, text_of
from tests.desk.record.sheet_pages import form_of, record_of
from tests.desk.test_permissions import TABLE, example_of

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.slow]
NAMES = ("Zenobia", "Quiroga", "Xaviera", "zq@example.com")
LETTER = {"name": "ask-more", "free_text": "Which scan?"}


@pytest.fixture
def made(staff):
    """An inquiry by one person for another, with something of every kind on its record."""
    one = inquiry(who="other", name="Zenobia Quiroga", patient_name="Xaviera Quiroga", email="zq@example.com")
    services.add_note(one, "a note", staff)
    for name in ("ask-more", "still-there"):
        queue.mark_failed(queue.queue_letter(one, name, "Which scan?", staff))
    services.move_status(one, "in-review", staff)
    return one


def pages(desk, made) -> list[HttpResponse]:
    """Every page that a GET returns, and those that follow a rejected or previewed form."""
    colleague = member("Reviewer", "colleague")
    shown = [desk.get(example_of(route, made, colleague)) for route in TABLE]
    record = desk.get(record_of(made)).content.decode()
    sent = [
        desk.post(record_of(made), form_of(record, do) | {"text": "", "to": "forged", "note": "y" * 2001})
        for do in ("note", "message", "move", "work", "call")
    ]
    sent.append(desk.post(record_of(made, "letter"), LETTER | {"do": "preview", "version": "0"}))
    sent.append(desk.post(record_of(made, "letter"), {"do": "preview"}))
    sent += [
        desk.post("/admin/screening/inquiry/several/", {"do": do, "chosen": made.pk}) for do in ("assign", "close")
    ]
    sent.append(desk.post("/admin/screening/inquiry/", {"q": "Zenobia"}, follow=True))
    return [page for page in shown + sent if "text/html" in page.headers["Content-Type"] and page.content]


def test_no_browser_stores_a_response(desk, made):
    colleague = member("Reviewer", "colleague")
    headers = {route: desk.get(example_of(route, made, colleague)).headers for route in TABLE}
    assert [route for route, sent in headers.items() if "no-store" not in sent.get("Cache-Control", "")] == []


def test_no_patients_name_stands_in_a_title(desk, made):
    titles = [
        text_of(found) for page in pages(desk, made) if (found := parsed(page.content).find(".//title")) is not None
    ]
    assert len(titles) > 20
    assert [title for title in titles if any(name in title for name in NAMES)] == []


def test_forms_that_share_a_page_have_names_of_their_own(desk, made):
    looked_at = 0
    for page in pages(desk, made):
        root = parsed(page.content)
        names = [name_of(form, root) for form in root.iter("form")]
        doubled = [name for name, times in Counter(names).items() if times > 1 or not name]
        assert doubled == [], (page.request["PATH_INFO"], names)
        looked_at += len(names)
    assert looked_at > 60


def name_of(form: Element, root: Element) -> str:
    if label := form.get("aria-label"):
        return label
    found = root.find(f".//*[@id='{form.get('aria-labelledby')}']")
    return text_of(found) if found is not None else ""
