"""What each group sees and may do on a sheet."""

import pytest
from django.urls import reverse

from screening.inquiries import services
from screening.models import Event, Note
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page_of(made) -> str:
    return reverse("admin:screening_inquiry_change", args=[made.pk])


def test_a_reviewer_takes_an_inquiry_and_gives_it_to_nobody_else(staff):
    made, reviewer, colleague = inquiry(), member("Reviewer"), member("Reviewer", "colleague")
    client = signed_in(reviewer)
    assert "colleague" not in client.get(page_of(made)).content.decode()
    for other in (colleague, staff):
        assert client.post(page_of(made), {"do": "assign", "assignee": other.pk}).status_code == 422
    client.post(page_of(made), {"do": "assign", "assignee": reviewer.pk})
    made.refresh_from_db()
    assert made.assignee_id == reviewer.pk


def test_a_manager_gives_it_to_whoever_works_and_to_no_other():
    made, reviewer, reader = inquiry(), member("Reviewer"), member("Reader")
    gone = member("Reviewer", "gone", is_active=False)
    client = signed_in(member("Manager"))
    for other in (reader, gone, member(None)):
        assert client.post(page_of(made), {"do": "assign", "assignee": other.pk}).status_code == 422
    client.post(page_of(made), {"do": "assign", "assignee": reviewer.pk})
    made.refresh_from_db()
    assert made.assignee_id == reviewer.pk


@pytest.mark.parametrize(
    "sent",
    [{"do": "note", "text": "x"}, {"do": "move", "to": "in-review"}, {"do": "assign"}, {"do": "marks"}, {"do": ""}, {}],
)
def test_a_reader_writes_nothing(sent):
    made, client = inquiry(), signed_in(member("Reader"))
    page = client.get(page_of(made)).content.decode()
    assert 'name="do"' not in page
    assert client.post(page_of(made), sent).status_code == 403
    assert not Note.objects.exists()
    assert set(made.events.values_list("kind", flat=True)) == {Event.Kind.RECEIVED, Event.Kind.OPENED}


@pytest.mark.parametrize(("group", "sees"), [("Reader", False), ("Reviewer", False), ("Manager", True)])
def test_only_managers_see_what_colleagues_did(group, sees):
    made, colleague = inquiry(), member("Reviewer", "colleague")
    services.move_status(made, "in-review", colleague)
    page = signed_in(member(group)).get(page_of(made)).content.decode()
    assert ("Status changed" in page) is sees
    assert "Received" in page
    assert "Opened" in page  # their own
