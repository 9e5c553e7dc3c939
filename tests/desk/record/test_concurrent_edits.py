"""Two people edit one record: the second sees what changed, keeps their input, and can save again."""

import pytest

from screening.inquiries import services
from screening.models import Inquiry, Mark
from tests.accounts.people import member, signed_in
from tests.builders import inquiry
from tests.desk.record.sheet_pages import form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def luz():
    return member("Manager", "luz", first_name="Luz", last_name="Arias")


def overtaken(desk, made, do: str, by_then, **changed):
    """Open the record, fill in a form, let a colleague act (``by_then``), then send the form."""
    sent = form_of(desk.get(record_of(made)).content.decode(), do, **changed)
    by_then()
    response = desk.post(record_of(made), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "the record has changed since you opened this page" in page
    assert "<title>Error:" in page
    return page


def test_on_one_row_both_texts_are_shown_and_the_second_saves_again(desk, luz):
    made = inquiry("oa")
    page = overtaken(
        desk,
        made,
        "marks",
        lambda: services.set_mark(made, "oa-imaging", "ask", "first\nwritten", luz),
        note_oa_imaging="second",
        note_oa_goals="mine alone",
    )
    for text in ("<strong>Luz Arias</strong>", ">first<br>written", ">\nsecond</textarea>", ">\nmine alone</textarea>"):
        assert text in page
    assert Mark.objects.get().note == "first\nwritten"
    again = form_of(page, "marks")
    assert again["mark-oa-imaging"] == "ask"  # the second did not edit this row, so the first's value stays
    assert "saved" in desk.post(record_of(made), again, follow=True).content.decode()
    assert {(mark.row, mark.value, mark.note) for mark in Mark.objects.all()} == {
        ("oa-imaging", "ask", "second"),
        ("oa-goals", "not-looked-at", "mine alone"),
    }


def test_rows_that_only_the_colleague_changed_are_not_put_back_by_saving_again(desk, luz):
    made = inquiry("oa")

    def by_then():
        services.set_mark(made, "oa-imaging", "ask", "theirs", luz)
        services.set_mark(made, "oa-rehab", "discussed", "theirs too", luz)

    page = overtaken(desk, made, "marks", by_then, note_oa_imaging="mine")
    desk.post(record_of(made), form_of(page, "marks"))
    assert Mark.objects.get(row="oa-rehab").note == "theirs too"
    assert Mark.objects.get(row="oa-imaging").note == "mine"


def test_on_one_contact_detail(desk, luz):
    made = inquiry()

    def by_then():
        services.correct_contact(made, {"name": "Ana Ríos", "phone": "+16195550199"}, luz)

    page = overtaken(desk, made, "contact", by_then, name="Ana Rivas")
    assert "Contact details corrected: Name, Phone number" in page
    assert '<dd dir="auto">Ana Ríos</dd>' in page
    assert 'value="Ana Rivas"' in page
    desk.post(record_of(made), form_of(page, "contact"))
    contact = Inquiry.objects.get().contact
    assert (contact["name"], contact["phone"]) == ("Ana Rivas", "+16195550199")


def test_on_different_contact_details_both_succeed(desk, luz):
    made = inquiry()
    sent = form_of(desk.get(record_of(made)).content.decode(), "contact", name="Ana Rivas")
    services.correct_contact(made, {"phone": "+16195550199"}, luz)
    desk.post(record_of(made), sent)
    contact = Inquiry.objects.get().contact
    assert (contact["name"], contact["phone"]) == ("Ana Rivas", "+16195550199")


def test_two_corrections_that_leave_no_way_to_reach_the_person(desk, luz):
    made = inquiry(channel="phone")
    sent = form_of(desk.get(record_of(made)).content.decode(), "contact", email="")
    services.correct_contact(made, {"channel": "email", "phone": ""}, luz)
    response = desk.post(record_of(made), sent)
    assert response.status_code == 422
    assert "cannot be answered as they wish" in response.content.decode()
    assert Inquiry.objects.get().contact["email"]


def test_on_the_status_what_is_there_now_is_shown_and_only_its_moves_are_offered(desk, luz):
    made = inquiry()
    page = overtaken(desk, made, "move", lambda: services.move_status(made, "in-review", luz), to="in-review")
    assert "Status changed: New → In review" in page
    assert '<option value="in-review"' not in page
    assert '<option value="offered"' in page
    assert Inquiry.objects.get().status == "in-review"
    desk.post(record_of(made), form_of(page, "move", to="closed (booked)"))
    assert Inquiry.objects.get().closed_as == "booked"


def test_a_reason_that_was_written_is_kept_when_a_colleague_has_reopened_it(desk, luz, staff):
    made = inquiry()
    services.move_status(made, "closed", staff, "spam")

    def by_then():
        services.move_status(made, "in-review", luz, reason="theirs")
        services.move_status(made, "closed", luz, "duplicate")

    page = overtaken(desk, made, "move", by_then, reason="They wrote again")
    assert "They wrote again" in page
    assert "Closed (Duplicate)" in page


def test_on_the_assignment(desk, luz, staff):
    made = inquiry()
    page = overtaken(desk, made, "assign", lambda: services.assign(made, luz, luz), assignee=str(staff.pk))
    assert "Assigned: luz" in page
    desk.post(record_of(made), form_of(page, "assign"))
    assert Inquiry.objects.get().assignee == staff


@pytest.mark.parametrize(("do", "changed"), [("note", {"text": "Called"}), ("call", {"note": "We talked"})])
def test_a_form_sent_twice_is_written_once_and_reported(desk, do, changed):
    made = inquiry()
    sent = form_of(desk.get(record_of(made)).content.decode(), do, **changed)
    desk.post(record_of(made), sent)
    response = desk.post(record_of(made), sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "the record has changed since you opened this page" in page
    assert made.notes.count() == 1
    desk.post(record_of(made), form_of(page, do))  # sent again on purpose
    assert made.notes.count() == 2


@pytest.mark.parametrize("version", ["", "-1", "9" * 40, "seven", "٣"])
def test_a_page_that_does_not_say_what_it_has_seen_has_seen_nothing(desk, luz, version):
    made = inquiry()
    services.assign(made, luz, luz)
    response = desk.post(record_of(made), {"do": "assign", "assignee": "", "version": version})
    assert response.status_code == 422
    assert Inquiry.objects.get().assignee_id == luz.pk


def test_who_may_not_see_what_colleagues_did_is_told_what_stands_in_the_way(luz):
    made, desk = inquiry(), signed_in(member("Reviewer"))
    page = overtaken(desk, made, "move", lambda: services.move_status(made, "in-review", luz), to="closed (spam)")
    assert page.count("Status changed: New → In review") == 1
