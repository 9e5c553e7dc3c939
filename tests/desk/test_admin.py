import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from screening.models import Inquiry, Status
from tests.builders import inquiry
from tests.desk.record.sheet_pages import record_of

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:screening_inquiry_changelist")


def references_in(page: str) -> list[str]:
    return [made.reference for made in sorted(Inquiry.objects.all(), key=lambda made: page.find(made.reference))]


def test_nobody_gets_in_without_a_password(client):
    made = inquiry()
    for address in (INBOX, record_of(made)):
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("admin:login"))


def test_the_longest_waiting_unanswered_inquiry_comes_first(desk, staff):
    newest, middle, oldest, answered, closed = (inquiry(name=f"Person {n}") for n in range(5))
    for days, made in enumerate((newest, middle, oldest, answered, closed)):
        Inquiry.objects.filter(pk=made.pk).update(received_at=timezone.now() - timezone.timedelta(days=days))
    Inquiry.objects.filter(pk=answered.pk).update(status=Status.WAITING)
    Inquiry.objects.filter(pk=closed.pk).update(status=Status.CLOSED, closed_as="spam")
    page = desk.get(INBOX).content.decode()
    expected = [made.reference for made in (oldest, middle, newest, answered, closed)]
    assert references_in(page) == expected


def test_the_inbox_shows_the_condition_as_answered(desk):
    inquiry("both")
    page = desk.get(INBOX).content.decode()
    for text in ("Both", "English", "New", "unread"):
        assert text in page


@pytest.mark.slow
def test_the_inbox_takes_the_same_queries_for_two_and_for_twelve(desk, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    inquiry()
    desk.get(INBOX)  # the first list with names of a day is recorded
    for number in (2, 10):
        for _ in range(number):
            inquiry()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.get(INBOX)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["reference", "Pérez", "perez ana", "ana@example.com", "619 555 0100"])
def test_search_finds_by_reference_name_email_and_phone_without_naming_them_in_the_address(desk, query):
    made = inquiry()
    other = inquiry(name="Luz Ríos", email="luz@example.com", phone="")
    sought = made.reference if query == "reference" else query
    response = desk.post(INBOX, {"q": sought}, follow=True)
    page = response.content.decode()
    assert made.reference in page
    assert other.reference not in page
    address = response.redirect_chain[-1][0].lower()
    for part in ("perez", "ana", "example", "555"):
        assert part not in address


@pytest.mark.parametrize("query", ["!!!", "\x00", "~"])
def test_a_search_for_nothing_finds_nobody(desk, query):
    made = inquiry()
    assert made.reference not in desk.post(INBOX, {"q": query}, follow=True).content.decode()


def test_who_may_not_look_learns_no_keyed_hash(client):
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.post(INBOX, {"q": "Ana"}).status_code == 403
