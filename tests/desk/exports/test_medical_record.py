"""The medical record page of one inquiry: complete, named by its reference, and recorded as an event."""

import pytest

from screening.inquiries import services
from screening.models import Event, Inquiry
from screening.outbox import queue
from screening.privacy.encryption import Ciphertext
from tests.accounts.people import member, signed_in
from tests.builders import inquiry
from tests.desk.record.sheet_pages import record_of
from tests.fhir import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = ("record", "record_json")


@pytest.fixture
def worked_on(staff):
    made = inquiry("both", oa_imaging="unsure", anything_else="Since <2024>")
    services.set_mark(made, "oa-imaging", "ask", "Which scan?", staff)
    services.add_note(made, "A remark", staff)
    services.log_call(made, "We talked", staff)
    queue.mark_sent(queue.queue_letter(made, "ask-more", "The paragraph", staff))
    services.move_status(made, "closed", staff, "booked")
    return made


def test_the_page_has_all_there_is(desk, worked_on):
    response = desk.get(record_of(worked_on, "record"))
    page = response.content.decode()
    assert response.headers["Content-Disposition"] == f'inline; filename="{worked_on.reference}.html"'
    assert "no-store" in response.headers["Cache-Control"]
    for text in ("Ana Pérez", "+1 619-555-0100", "Not sure", "Since &lt;2024&gt;", "Which scan?", "A remark"):
        assert text in page
    for text in ("We talked", "The paragraph", "Closed (Booked)", "Ask a few questions", "Given ", "Received"):
        assert text in page
    assert "<form" not in page.partition("<article")[2]


def test_the_json_has_all_there_is(desk, worked_on):
    response = desk.get(record_of(worked_on, "record_json"))
    assert response.headers["Content-Disposition"] == f'attachment; filename="{worked_on.reference}.json"'
    assert response.headers["Content-Type"] == "application/fhir+json"
    assert "no-store" in response.headers["Cache-Control"]
    parsed(response.content)
    for text in ("Ana Pérez", "+16195550100", "Not sure", "Since <2024>", "Which scan?", "A remark"):
        assert text in response.content.decode()
    for text in ("We talked", "The paragraph", "booked", "ask-more", worked_on.wording_id, worked_on.reference):
        assert text in response.content.decode()


@pytest.mark.parametrize(("which", "detail"), list(zip(PAGES, ("page", "json"), strict=True)))
def test_taking_it_out_is_an_event(desk, staff, which, detail):
    made = inquiry()
    desk.get(record_of(made, which))
    event = made.events.get(kind=Event.Kind.EXPORTED)
    assert (event.detail, event.actor) == (detail, staff)
    assert desk.head(record_of(made, which)).status_code == 405
    assert made.events.filter(kind=Event.Kind.EXPORTED).count() == 1
    assert "medical record" in desk.get(record_of(made)).content.decode()


@pytest.mark.parametrize(("group", "status"), [("Reader", 403), ("Reviewer", 403), ("Manager", 200)])
@pytest.mark.parametrize("which", PAGES)
def test_only_who_may_export_takes_it_out(group, status, which):
    made, client = inquiry(), signed_in(member(group))
    assert client.get(record_of(made, which)).status_code == status
    assert made.events.filter(kind=Event.Kind.EXPORTED).exists() is (status == 200)
    assert (record_of(made, which) in client.get(record_of(made)).content.decode()) is (status == 200)


@pytest.mark.parametrize("which", PAGES)
def test_of_a_withdrawn_one_the_dates_are_left(desk, which):
    made = inquiry(anything_else="canary")
    services.withdraw(made.pk)
    response = desk.get(record_of(made, which))
    assert response.status_code == 200
    assert made.reference in response.content.decode()
    for text in ("canary", "Ana", "ana@example.com"):
        assert text not in response.content.decode()


@pytest.mark.parametrize("which", PAGES)
def test_what_cannot_be_decrypted_is_not_exported(desk, which):
    made = inquiry()
    Inquiry.objects.update(answers=Ciphertext("gAAAAbroken"))
    response = desk.get(record_of(made, which))
    assert response.status_code == 500
    assert "cannot be opened" in response.content.decode()
    assert not made.events.filter(kind=Event.Kind.EXPORTED).exists()
