"""Bulk actions: a confirmation page, then a summary of the outcome."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from screening.inquiries import services
from screening.models import Event, Inquiry, Status
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
SEVERAL = reverse("admin:screening_inquiry_bulk")


def choose(client, do: str, *chosen: Inquiry, **more):
    """Select the inquiries on the list and press a button; return the confirmation page."""
    return client.post(SEVERAL, {"do": do, "chosen": [made.pk for made in chosen], **more})


def confirm(client, confirmation, **answer):
    """Confirm on the confirmation page."""
    hidden = re.findall(r'<input type="hidden" name="(do|list|chosen)" value="([^"]*)"', confirmation.content.decode())
    sent = {"chosen": [value for name, value in hidden if name == "chosen"]}
    sent |= {name: value for name, value in hidden if name != "chosen"}
    return client.post(SEVERAL, sent | {"sure": "yes"} | answer, follow=True)


def test_several_are_assigned_after_a_page_that_says_so(desk, staff):
    first, second, other = inquiry(), inquiry(), inquiry()
    confirmation = choose(desk, "assign", first, second)
    page = confirmation.content.decode()
    assert "2 inquiries will be assigned" in page
    assert first.reference in page
    assert other.reference not in page
    assert not Inquiry.objects.exclude(assignee=None).exists()
    done = confirm(desk, confirmation, to=staff.pk).content.decode()
    assert "2 inquiries are assigned." in done
    assert set(Inquiry.objects.filter(assignee=staff)) == {first, second}
    assert Event.objects.filter(kind=Event.Kind.ASSIGNED, actor=staff).count() == 2
    assert LogEntry.objects.filter(user=staff, content_type__model="inquiry").count() == 2


def test_several_are_closed_with_one_reason_and_no_letter(desk, staff):
    first, second = inquiry(), inquiry()
    letters = first.letters.count()
    done = confirm(desk, choose(desk, "close", first, second), closed_as="no-reply").content.decode()
    assert "2 inquiries are closed." in done
    assert set(Inquiry.objects.values_list("status", "closed_as")) == {(Status.CLOSED, "no-reply")}
    assert first.letters.count() == letters


def test_a_whole_page_is_chosen_with_one_box(desk):
    made = [inquiry() for _ in range(3)]
    confirmation = choose(desk, "close", all="yes", shown=[each.pk for each in made])
    assert "3 inquiries will be closed" in confirmation.content.decode()


def test_what_cannot_be_done_is_said_before_and_stays(desk, staff):
    closed, withdrawn, fine = inquiry(), inquiry(), inquiry()
    services.move_status(closed, "closed", staff, "spam")
    services.withdraw(withdrawn.pk)
    confirmation = choose(desk, "close", closed, withdrawn, fine)
    page = confirmation.content.decode()
    assert "1 inquiry will be closed" in page
    assert "These stay as they are" in page
    assert "1 inquiry is closed." in confirm(desk, confirmation, closed_as="booked").content.decode()
    closed.refresh_from_db()
    assert closed.closed_as == "spam"


def test_what_a_colleague_changed_meanwhile_is_reported_and_not_overwritten(desk, staff):
    colleague = member("Reviewer")
    taken, free = inquiry(), inquiry()
    confirmation = choose(desk, "assign", taken, free)
    services.assign(taken, colleague, colleague)
    page = confirm(desk, confirmation, to=staff.pk).content.decode()
    assert f"{taken.reference}: a colleague has changed it meanwhile" in page
    assert "1 inquiry is assigned." in page
    taken.refresh_from_db()
    assert taken.assignee_id == colleague.pk


def test_what_was_withdrawn_or_erased_meanwhile_is_reported(desk, staff):
    withdrawn, erased = inquiry(), inquiry()
    confirmation = choose(desk, "assign", withdrawn, erased)
    services.withdraw(withdrawn.pk)
    Inquiry.objects.filter(pk=erased.pk).delete()
    page = confirm(desk, confirmation, to=staff.pk).content.decode()
    assert f"{withdrawn.reference}: the patient has withdrawn it" in page
    assert "1 inquiry is not there any more." in page


@pytest.mark.parametrize("answer", [{}, {"to": ""}, {"to": "424242"}, {"to": "x"}])
def test_without_a_person_nothing_is_assigned(desk, answer):
    response = confirm(desk, choose(desk, "assign", inquiry()), **answer)
    assert response.status_code == 422
    assert "Choose a person" in response.content.decode()
    assert not Inquiry.objects.exclude(assignee=None).exists()


@pytest.mark.parametrize("answer", [{}, {"closed_as": "withdrawn"}, {"closed_as": "candidate"}])
def test_without_a_known_reason_nothing_is_closed(desk, answer):
    response = confirm(desk, choose(desk, "close", inquiry()), **answer)
    assert response.status_code == 422
    assert not Inquiry.objects.closed().exists()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "assign"},
        {"do": "assign", "chosen": "x"},
        {"do": "assign", "chosen": "00000000-0000-0000-0000-000000000000.x"},
        {"do": "close", "chosen": "00000000-0000-0000-0000-000000000000." + "9" * 40},
        {"do": "close", "chosen": "00000000-0000-0000-0000-000000000000.-1.2"},
        {"do": "erase", "chosen": "00000000-0000-0000-0000-000000000000"},
        {"do": "close", "chosen": [f"00000000-0000-0000-0000-{number:012}" for number in range(40)]},
        {"do": "close", "all": "yes"},
        {"do": "close", "chosen": "\x00"},
    ],
)
def test_a_forged_choice_changes_nothing_and_leads_back(desk, sent):
    made = inquiry()
    response = desk.post(SEVERAL, sent | {"list": "tab=us"}, follow=True)
    assert response.redirect_chain == [("/admin/screening/inquiry/?tab=us", 302)]
    assert "Nothing was changed" in response.content.decode()
    made.refresh_from_db()
    assert (made.status, made.assignee) == (Status.NEW, None)


@pytest.mark.parametrize("named", ["https://elsewhere.example/", "//elsewhere.example", "tab=nowhere", "x" * 9000])
def test_the_way_back_leads_nowhere_else(desk, named):
    response = desk.post(SEVERAL, {"list": named})
    assert response.headers["Location"] == "/admin/screening/inquiry/"


@pytest.mark.slow
def test_a_reviewer_takes_several_and_gives_them_to_nobody_else():
    reviewer, colleague = member("Reviewer"), member("Reviewer", "colleague")
    made, client = inquiry(), signed_in(reviewer)
    services.assign(made, colleague, colleague)
    confirmation = choose(client, "assign", made)
    assert ">Nobody</option>" not in confirmation.content.decode()
    for to in (colleague.pk, "nobody"):
        assert confirm(client, confirmation, to=to).status_code == 422
    confirm(client, confirmation, to=reviewer.pk)
    made.refresh_from_db()
    assert made.assignee_id == reviewer.pk


def test_a_manager_may_give_them_to_nobody(staff):
    made = inquiry()
    services.assign(made, staff, staff)
    client = signed_in(member("Manager"))
    confirm(client, choose(client, "assign", made), to="nobody")
    made.refresh_from_db()
    assert made.assignee is None
