"""User input has its own text direction, in every field and wherever it is shown."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from screening.inquiries import services
from screening.inquiries.patient_links import copy_token
from screening.models import Letter
from screening.outbox import queue
from screening.outbox.letters import build_message
from tests.builders import CONTACT, draft, inquiry
from tests.content.readability import parsed
from tests.desk.record.sheet_pages import form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HEBREW = "שלום"  # used by these tests only
TYPED_IN = ("text", "search", "email", "tel")
INPUT = {
    "name": f"{HEBREW} כהן",
    "patient_name": f"{HEBREW} לוי",
    "anything_else": f"{HEBREW} 1\nand 2",
    "who": "other",
}


def shown(element: Element, in_own_direction: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield each text that contains user input, and whether it or an ancestor sets its direction."""
    if element.tag == "option" or element.get("id") == "header":  # options set their own; Django's greeting
        return
    in_own_direction = in_own_direction or element.get("dir") == "auto" or element.tag == "bdi"
    values = [element.text or "", *(child.tail or "" for child in element)]
    if element.tag == "input" and element.get("type") in TYPED_IN:
        values.append(element.get("value") or "")
    yield from ((value, in_own_direction) for value in values if HEBREW in value)
    for child in element:
        yield from shown(child, in_own_direction)


def typed_in(page: Element) -> list[Element]:
    return [
        element
        for element in page.find("body").iter()
        if element.tag == "textarea" or (element.tag == "input" and element.get("type", "text") in TYPED_IN)
    ]


def assert_in_own_direction(html: str, times: int) -> None:
    """Assert that ``times`` or more texts with user input are shown, each with its direction."""
    page = parsed(html)
    found = list(shown(page.find("body")))
    assert len(found) >= times, found
    assert [value for value, is_right in found if not is_right] == []
    assert [field.get("name") for field in typed_in(page) if field.get("dir") != "auto" and not _is_trap(field)] == []


def _is_trap(field: Element) -> bool:
    """Return whether this is the honeypot field."""
    return field.get("tabindex") == "-1"


@pytest.fixture(params=["en", "es"])
def language(request):
    with override(request.param):
        yield request.param


def test_on_the_questions_and_the_check_page(client, with_draft, language):
    with_draft(draft(**INPUT))
    for slug, times in (("anything-else", 1), ("contact", 2)):
        assert_in_own_direction(client.get(reverse("step", args=[slug])).content.decode(), times)
    assert_in_own_direction(client.get(reverse("check")).content.decode(), 3)
    refused = CONTACT | {"name": HEBREW, "patient-name": HEBREW, "email": HEBREW, "phone": HEBREW}
    page = client.post(reverse("step", args=["contact"]), refused, follow=True)
    assert_in_own_direction(page.content.decode(), 4)


def test_on_the_confirmation_and_the_copy(client, with_draft, language):
    saved = draft(**INPUT)
    with_draft(saved)
    made = services.submit(saved.pk, language)
    for address in (reverse("sent-answers"), reverse("copy", args=[copy_token(made)])):
        assert_in_own_direction(client.get(address).content.decode(), 3)


@pytest.fixture
def worked_on(staff):
    staff.first_name = HEBREW
    staff.save()
    made = inquiry("both", **INPUT)
    services.assign(made, staff, staff)
    services.set_mark(made, "oa-imaging", "ask", f"{HEBREW} mark", staff)
    services.add_note(made, f"{HEBREW} remark", staff)
    services.log_call(made, f"{HEBREW} call", staff)
    queue.mark_sent(queue.queue_letter(made, "ask-more", f"{HEBREW} paragraph", staff))
    return made


@pytest.fixture
def colleague(desk, language):
    """Staff who use the desk in ``language``."""
    desk.cookies[settings.STAFF_LANGUAGE_COOKIE_NAME] = language
    return desk


def test_on_the_record_and_its_page_for_the_medical_record(colleague, worked_on):
    sheet = colleague.get(record_of(worked_on)).content.decode()
    assert_in_own_direction(sheet, 12)
    assert_in_own_direction(colleague.get(record_of(worked_on, "record")).content.decode(), 12)


def test_beside_what_a_colleague_did_meanwhile(colleague, worked_on, staff):
    page = colleague.get(record_of(worked_on)).content.decode()
    services.set_mark(worked_on, "oa-imaging", "discussed", f"{HEBREW} meanwhile", staff)
    form = form_of(page, "marks", **{"note-oa-imaging": f"{HEBREW} mine"})
    assert_in_own_direction(colleague.post(record_of(worked_on), form).content.decode(), 14)


def test_in_a_letter_while_it_is_written_looked_at_and_sent(colleague, worked_on, staff):
    services.correct_contact(worked_on, {"name": "Ana Pérez"}, staff)
    address = record_of(worked_on, "letter")
    empty = colleague.get(address).content.decode()
    assert_in_own_direction(empty, 1)
    typed = form_of(empty, "preview", name="ask-more", free_text=f"{HEBREW} one\n\n{HEBREW} two")
    assert_in_own_direction(colleague.post(address, typed).content.decode(), 3)
    assert_in_own_direction(colleague.post(address, typed | {"do": "edit"}).content.decode(), 2)
    mail = build_message(Letter.objects.get(name="ask-more"))
    assert re.search(f'<p dir="auto">{HEBREW} paragraph</p>', mail.alternatives[0].content)


def test_in_the_inbox_its_search_and_the_pages_of_management(colleague, worked_on):
    inbox = reverse("admin:screening_inquiry_changelist")
    assert_in_own_direction(colleague.get(inbox).content.decode(), 1)
    assert_in_own_direction(colleague.post(inbox, {"q": HEBREW}, follow=True).content.decode(), 1)
    for do in ("assign", "close"):
        chosen = {"do": do, "chosen": str(worked_on.pk), "list": ""}
        page = colleague.post(reverse("admin:screening_inquiry_bulk"), chosen).content.decode()
        assert_in_own_direction(page, 0)
    assert_in_own_direction(colleague.get(record_of(worked_on, "holding")).content.decode(), 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_greeting_in_a_letter_keeps_its_signs_in_place(language):
    """A right-to-left name in a left-to-right line: the colon must come last."""
    inquiry(**INPUT, language=language)
    html = build_message(Letter.objects.get(name="received")).alternatives[0].content
    assert f'<html lang="{language}" dir="ltr">' in html
    assert re.search(rf"<p>\w+,? {HEBREW}[,:]</p>", html)
