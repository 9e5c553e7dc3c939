import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from screening.inquiries import services
from screening.models import Event, Inquiry, Note
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:screening_inquiry_changelist")
REASON = "the Rivera dispute"


@pytest.fixture
def manager(db):
    return signed_in(member("Manager"))


@pytest.fixture
def reviewer(db):
    return signed_in(member("Reviewer"))


def page_of(made: Inquiry) -> str:
    return reverse("admin:screening_inquiry_holding", args=[made.pk])


def record_of(made: Inquiry) -> str:
    return reverse("admin:screening_inquiry_change", args=[made.pk])


def send(client, made: Inquiry, name: str, **fields):
    sent = {f"{name}-{field}": value for field, value in fields.items()}
    return client.post(page_of(made), {"do": name, "version": services.current_version(made)} | sent, follow=True)


@pytest.mark.slow
def test_a_manager_holds_and_lifts_with_a_reason(manager):
    made = inquiry()
    assert "Put on hold, or erase on request" in manager.get(record_of(made)).content.decode()
    assert "It is on legal hold now." in send(manager, made, "hold", reason=REASON).content.decode()
    page = manager.get(record_of(made)).content.decode()
    for text in ("On legal hold since", REASON, "Put on legal hold", "Lift the hold"):
        assert text in page
    assert "The hold is lifted." in send(manager, made, "lift", reason="settled").content.decode()
    made.refresh_from_db()
    assert not made.is_on_hold


def test_a_reason_is_needed_and_the_form_says_so(manager):
    made = inquiry()
    response = send(manager, made, "hold", reason=" ")
    assert response.status_code == 422
    page = response.content.decode()
    assert "Say why" in page
    assert "<title>Error:" in page
    made.refresh_from_db()
    assert not made.is_on_hold


def test_a_manager_erases_on_request_and_says_how_it_was_asked(manager):
    made = inquiry()
    missing = send(manager, made, "erase", asked_by="phone")
    assert missing.status_code == 422
    assert "Make sure first" in missing.content.decode()
    assert send(manager, made, "erase", asked_by="the patient is ill", is_sure="on").status_code == 422
    page = send(manager, made, "erase", asked_by="phone", is_sure="on").content.decode()
    assert "It is erased." in page
    assert "<form" not in page.partition('id="content"')[2]
    made.refresh_from_db()
    assert made.is_erased
    assert "have been erased" in manager.get(record_of(made)).content.decode()


@pytest.mark.slow
def test_taken_back_on_hold_only_managers_see_it_and_nobody_changes_it(manager, reviewer):
    made, other = inquiry(), inquiry(name="Luz Ríos", email="luz@example.com")
    send(manager, made, "hold", reason=REASON)
    assert reviewer.get(record_of(made)).status_code == 200
    services.withdraw(made.pk)
    for version in (reviewer.get(INBOX), reviewer.post(INBOX, {"q": "Pérez"}, follow=True)):
        assert made.reference not in version.content.decode()
    assert other.reference in reviewer.get(INBOX).content.decode()
    for address in (record_of(made), reverse("admin:screening_inquiry_history", args=[made.pk])):
        assert reviewer.get(address).status_code in (302, 403)
    assert reviewer.post(record_of(made), {"do": "note", "text": "still here"}).status_code == 302

    assert made.reference in manager.post(INBOX, {"q": "Pérez"}, follow=True).content.decode()
    page = manager.get(record_of(made)).content.decode()
    for text in ("Ana Pérez", "Only managers see it"):
        assert text in page
    assert 'value="note"' not in page
    manager.post(record_of(made), {"do": "note", "text": "still here"})
    assert not made.notes.filter(kind=Note.Kind.REMARK).exists()
    assert "what was withdrawn is erased" in send(manager, made, "lift", reason="settled").content.decode()
    assert "have been erased" in reviewer.get(record_of(made)).content.decode()


def test_what_a_colleague_did_meanwhile_is_not_done_twice(manager):
    made = inquiry()
    version = services.current_version(made)
    services.place_hold(made, REASON, member("Manager", "colleague"))
    for name, fields in (("hold", {"hold-reason": "x"}), ("lift", {"lift-reason": "x"})):
        response = manager.post(page_of(made), {"do": name, "version": version, **fields}, follow=True)
        assert "changed this inquiry meanwhile" in response.content.decode()
    assert list(made.events.values_list("kind", flat=True)).count(Event.Kind.HELD) == 1
    made.refresh_from_db()
    assert made.is_on_hold


def test_the_admins_log_holds_references_and_no_reason(manager):
    made = inquiry()
    send(manager, made, "hold", reason=REASON)
    send(manager, made, "lift", reason=REASON)
    entries = LogEntry.objects.filter(object_id=made.pk)
    assert [entry.object_repr for entry in entries] == [made.reference] * 2
    assert not any("Rivera" in entry.change_message for entry in entries)


def test_a_seen_that_is_no_number_counts_as_nothing_seen(manager):
    made = inquiry()
    services.place_hold(made, REASON, member("Manager", "colleague"))
    for version in ("", "x", "٣", "9" * 30, "-1"):
        manager.post(page_of(made), {"do": "lift", "version": version, "lift-reason": "x"})
        made.refresh_from_db()
        assert made.is_on_hold
