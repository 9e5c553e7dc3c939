"""The CSV export contains the filtered list, needs the permission, and adds an event to each inquiry."""

import csv
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import services
from screening.management import demo_data
from screening.models import Event, Inquiry
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
EXPORT = reverse("admin:screening_inquiry_export")


def taken(client, query: str = "", what: str = "table") -> list[dict[str, str]]:
    """Export and return the file's rows."""
    response = client.post(f"{EXPORT}?{query}", {"what": what})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith('attachment; filename="inquiries-')
    return read(response)


def read(response) -> list[dict[str, str]]:
    file = b"".join(response.streaming_content)
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


def test_the_file_has_what_the_filter_shows_in_its_order(desk, staff):
    first, second, other = inquiry(name="Ana Ñandú"), inquiry(), inquiry()
    services.move_status(other, "closed", staff, "spam")
    lines = taken(desk, "tab=us", "table-personal")
    assert [line["Reference"] for line in lines] == [first.reference, second.reference]
    assert lines[0]["Name"] == "Ana Ñandú"
    assert "Name" not in taken(desk, "tab=us")[0]


def test_every_inquiry_in_it_has_an_event_and_no_other_has(desk, staff):
    inside, outside = inquiry(), inquiry()
    services.move_status(outside, "closed", staff, "spam")
    taken(desk, "tab=us")
    taken(desk, "tab=us", "table-personal")
    events = Event.objects.filter(kind=Event.Kind.EXPORTED).order_by("pk")
    assert list(events.values_list("inquiry", "actor", "detail")) == [
        (inside.pk, staff.pk, "table"),
        (inside.pk, staff.pk, "table-personal"),
    ]


def test_the_admin_log_has_one_line_for_a_file(desk):
    inquiry()
    inquiry()
    taken(desk, "", "table-personal")
    (entry,) = LogEntry.objects.filter(content_type__model="inquiry")
    assert "table-personal" in entry.change_message
    assert "CRC-" not in entry.object_repr


@pytest.mark.slow
def test_nothing_leaves_before_it_is_noted(desk):
    services.create_demo_inquiries(demo_data.people(0, 450, timezone.now(), []))
    pieces = desk.post(EXPORT, {"what": "table"}).streaming_content
    noted = Event.objects.filter(kind=Event.Kind.EXPORTED)
    assert next(pieces).startswith(b"\xef\xbb\xbf")
    assert noted.count() == 0
    counts = [(noted.count(), piece.count(b"\r\n")) for piece in pieces]
    assert counts == [(200, 200), (400, 200), (450, 50)]


def test_the_file_speaks_the_language_of_who_takes_it(desk, settings):
    inquiry()
    desk.cookies[settings.STAFF_LANGUAGE_COOKIE_NAME] = "es"
    (line,) = taken(desk)
    assert "Referencia" in line
    assert line["Referencia"].startswith("CRC-")


@pytest.mark.slow
def test_a_long_file_does_not_ask_the_database_for_each_line(desk, django_assert_max_num_queries):
    services.create_demo_inquiries(demo_data.people(0, 190, timezone.now(), []))
    with django_assert_max_num_queries(20):
        assert len(taken(desk)) == 190


@pytest.mark.parametrize("sent", [{}, {"what": ""}, {"what": "everything"}])
def test_without_a_choice_nothing_leaves(desk, sent):
    inquiry()
    response = desk.post(EXPORT, sent)
    assert response.status_code == 422
    assert "Choose what the file holds" in response.content.decode()
    assert not Event.objects.filter(kind=Event.Kind.EXPORTED).exists()


@pytest.mark.parametrize("query", ["tab=nowhere", "status=candidate", "page=0", "q=Ana"])
def test_a_forged_list_is_not_exported(desk, query):
    inquiry()
    for send in (desk.get, desk.post):
        response = send(f"{EXPORT}?{query}", {"what": "table"} if send == desk.post else {})
        assert response.status_code == 302
    assert not Event.objects.filter(kind=Event.Kind.EXPORTED).exists()
    assert "Nothing was exported" in desk.get(response.headers["Location"]).content.decode()


def test_an_empty_list_offers_nothing(desk):
    page = desk.get(f"{EXPORT}?tab=closed").content.decode()
    assert "nothing to export" in page
    assert "Download" not in page


def test_the_page_says_what_will_leave(desk):
    inquiry()
    page = desk.get(f"{EXPORT}?tab=unread").content.decode()
    assert "1 inquiry of the list “Unread”" in page
    assert " checked" not in page


@pytest.mark.parametrize("group", ["Reader", "Reviewer"])
def test_only_managers_export(group):
    inquiry()
    client = signed_in(member(group))
    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, {"what": "table"}).status_code == 403
    assert not Event.objects.filter(kind=Event.Kind.EXPORTED).exists()


def test_one_that_is_erased_while_the_file_is_made_is_left_out(desk):
    inquiry()
    response = desk.post(EXPORT, {"what": "table"})
    Inquiry.objects.all().delete()
    assert read(response) == []
