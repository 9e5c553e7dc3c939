"""The inbox scales: ten and sixty inquiries take the same queries, and no query counts a whole table."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import search, services
from screening.management import demo_data
from screening.models import Inquiry, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
INBOX = reverse("admin:screening_inquiry_changelist")
WORD = demo_data.FIRST_NAMES[0]


def addresses() -> dict[str, str]:
    word = search.encode_tokens(search.query_tokens(WORD))
    return {
        "front page": reverse("admin:index"),
        "inbox": INBOX,
        "second page": f"{INBOX}?tab=closed&page=2",
        "filter": f"{INBOX}?tab=closed&language=en&assignee=nobody",
        "search": f"{INBOX}?q={word}",
        # With neighbours of its own turn on both sides, so the query for the next turn is not needed.
        "sheet": reverse(
            "admin:screening_inquiry_change", args=[Inquiry.objects.closed().longest_waiting_first()[1].pk]
        ),
        "export": reverse("admin:screening_inquiry_export"),
    }


def queries(client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code in (200, 404)
    return [query["sql"] for query in captured.captured_queries]


def fill(first: int, count: int) -> None:
    services.create_demo_inquiries(demo_data.people(first, count, timezone.now(), []))
    for each in Inquiry.objects.all()[:count]:
        Letter.objects.create(inquiry=each, name="received", gave_up_at=timezone.now())


@pytest.mark.parametrize("name", ["front page", "inbox", "filter", "search", "sheet", "export"])
def test_sixty_take_the_queries_of_ten(desk, name):
    fill(0, 10)
    queries(desk, addresses()[name])  # the first request of a process looks up content types
    few = queries(desk, addresses()[name])
    fill(10, 50)
    many = queries(desk, addresses()[name])
    assert len(many) == len(few), "\n".join(many)


@pytest.mark.parametrize("name", ["front page", "inbox", "second page", "filter", "search", "sheet", "export"])
def test_no_query_counts_a_whole_table(desk, name):
    fill(0, 60)
    for sql in queries(desk, addresses()[name]):
        if "COUNT(" in sql and "screening_" in sql:
            assert re.search(r"LIMIT 1000\) |\"received_at\" >= '", sql), sql
