"""The form "Done, next", and the way to the most urgent unread inquiry."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import services
from screening.models import Inquiry
from tests.accounts.people import member, signed_in
from tests.builders import inquiry
from tests.desk.record.sheet_pages import buttons_on, form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NEXT = reverse("admin:screening_inquiry_next")


def due_in(days: int) -> Inquiry:
    made = inquiry()
    Inquiry.objects.filter(pk=made.pk).update(reply_due_at=timezone.now() + timedelta(days=days))
    return Inquiry.objects.get(pk=made.pk)


def work_form(desk, made, **typed) -> dict:
    return form_of(desk.get(record_of(made)).content.decode(), "work", **typed)


def test_next_is_the_most_urgent_unread(desk, staff):
    later, urgent, read = due_in(5), due_in(2), due_in(1)
    services.record_opened(read, staff)
    response = desk.get(NEXT)
    assert response.headers["Location"].startswith(f"{record_of(urgent)}?tab=unread")
    assert Inquiry.objects.get(pk=urgent.pk).first_opened_at is None  # the redirect opens nothing
    assert later.first_opened_at is None


def test_without_an_unread_one_the_list_says_so(desk):
    page = desk.get(NEXT, follow=True).content.decode()
    assert "No inquiry is unread." in page
    assert "Every open inquiry has been opened" in page


def test_done_saves_everything_and_goes_to_the_next(desk, staff):
    following, made = due_in(5), due_in(2)
    sent = work_form(desk, made, is_call="on", note="Will send the scan", to="in-review", assignee=str(staff.pk))
    response = desk.post(record_of(made), sent)
    assert response.headers["Location"].startswith(f"{record_of(following)}?tab=unread")
    page = desk.get(response.headers["Location"]).content.decode()
    assert f'<a href="{record_of(made)}">{made.reference}</a>: Saved.' in page
    made.refresh_from_db()
    assert (made.status, made.assignee) == ("in-review", staff)
    assert made.notes.get().text == "Will send the scan"


def test_after_the_last_one_the_list_says_so(desk):
    made = inquiry()
    page = desk.post(record_of(made), work_form(desk, made, note="done"), follow=True).content.decode()
    assert "Saved." in page
    assert "No inquiry is unread." in page


def test_with_nothing_entered_nothing_is_written(desk):
    made = inquiry()
    sent = work_form(desk, made)
    before = made.events.count()
    assert "nothing was saved" in desk.post(record_of(made), sent, follow=True).content.decode()
    assert made.events.count() == before


def test_a_slip_is_undone_on_the_record_to_which_the_message_leads(desk):
    made = inquiry()
    desk.post(record_of(made), work_form(desk, made, to="closed (spam)"))
    page = desk.get(record_of(made)).content.decode()
    assert "undo" in buttons_on(page)
    desk.post(record_of(made), form_of(page, "undo"))
    assert Inquiry.objects.get().status == "new"


def test_what_a_colleague_did_meanwhile_is_shown_and_nothing_typed_is_lost(desk):
    made, luz = inquiry(), member("Manager", "luz")
    sent = work_form(desk, made, is_call="on", note="Half an hour of talk", to="in-review")
    services.move_status(made, "in-review", luz)
    response = desk.post(record_of(made), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "the record has changed since you opened this page" in page
    assert "Half an hour of talk" in page
    again = form_of(page, "work")
    assert again["is_call"] == "on"
    desk.post(record_of(made), again | {"to": "waiting"})
    made.refresh_from_db()
    assert (made.status, made.notes.get().text) == ("waiting", "Half an hour of talk")


def test_a_status_chosen_before_a_colleague_closed_it_is_a_conflict(desk):
    made, luz = inquiry(), member("Manager", "luz")
    sent = work_form(desk, made, note="typed", to="in-review")
    services.move_status(made, "closed", luz, "duplicate")
    response = desk.post(record_of(made), sent)
    assert response.status_code == 422
    assert "the record has changed" in response.content.decode()
    assert ">typed</textarea>" in response.content.decode().replace("\n", "")
    assert not made.notes.exists()


@pytest.mark.parametrize("typed", [{"to": "eligible"}, {"assignee": "424242"}, {"note": "y" * 2001}])
def test_what_is_not_offered_is_refused_and_the_rest_is_kept(desk, typed):
    made = inquiry()
    response = desk.post(record_of(made), work_form(desk, made, is_call="on", note="typed") | typed)
    assert response.status_code == 422
    assert form_of(response.content.decode(), "work")["is_call"]
    assert not made.notes.exists()


def test_a_reviewer_takes_it_and_a_reader_has_no_such_form():
    made, luz = inquiry(), member("Reviewer", "luz")
    desk = signed_in(luz)
    desk.post(record_of(made), work_form(desk, made, assignee=str(luz.pk)))
    assert Inquiry.objects.get().assignee_id == luz.pk
    page = signed_in(member("Reader", "ana")).get(record_of(made)).content.decode()
    assert "work" not in buttons_on(page)


def test_a_reviewer_takes_nothing_from_a_colleague_by_a_forged_choice():
    made, luz = inquiry(), member("Manager", "luz")
    services.assign(made, luz, luz)
    desk = signed_in(member("Reviewer", "eva"))
    response = desk.post(record_of(made), work_form(desk, made) | {"assignee": "nobody"})
    assert response.status_code == 422
    assert Inquiry.objects.get().assignee_id == luz.pk
