"""The previous and next records of a list, even when the record has left the list."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from screening.desk.inbox.filters import Listing
from screening.desk.inbox.neighbours import neighbours, neighbours_in_list
from screening.inquiries import services
from screening.models import Inquiry
from tests.builders import inquiry

NOBODY = AnonymousUser()  # for lists that do not depend on the user
pytestmark = pytest.mark.django_db


def made(*days_until_due: int) -> list[Inquiry]:
    """Create an inquiry for each number of days until its promised reply."""
    now = timezone.now()
    inquiries = [inquiry() for _ in days_until_due]
    for each, days in zip(inquiries, days_until_due, strict=True):
        Inquiry.objects.filter(pk=each.pk).update(reply_due_at=now.replace(microsecond=0) + timedelta(days=days))
    return [Inquiry.objects.get(pk=each.pk) for each in inquiries]


def beside(each: Inquiry, query: str = "", by=NOBODY, turn: int | None = None) -> tuple:
    rows = Listing.of(QueryDict(query)).inquiries(by, timezone.now())
    return neighbours(Inquiry.objects.get(pk=each.pk), rows, turn)


@pytest.mark.parametrize("query", ["", "tab=us", "tab=unread", "language=en", "status=new"])
def test_one_leafs_through_the_whole_list_and_back(query):
    inquiries = made(1, 2, 2, 2, 5)
    ahead = [None, *inquiries, None]
    for number, each in enumerate(inquiries, 1):
        assert beside(each, query) == (ahead[number - 1], ahead[number + 1])


def test_the_closed_ones_are_leafed_through_backwards(staff):
    inquiries = made(1, 2, 2, 3)
    for each in inquiries:
        services.move_status(each, "closed", staff, "spam")
    first, second, third, fourth = inquiries
    assert beside(third, "tab=closed") == (fourth, second)
    assert beside(fourth, "tab=closed") == (None, third)
    assert beside(first, "tab=closed") == (second, None)


def test_the_next_turn_follows_where_one_ends(staff):
    ours, theirs, closed = made(5, 1, 3)
    services.move_status(theirs, "in-review", staff)
    services.move_status(theirs, "waiting", staff)
    services.move_status(closed, "closed", staff, "spam")
    assert beside(ours) == (None, theirs)
    assert beside(theirs) == (ours, closed)
    assert beside(closed) == (theirs, None)


def test_who_has_moved_a_record_goes_on_from_where_it_stood(staff):
    first, second, third = made(1, 2, 3)
    services.move_status(second, "closed", staff, "spam")
    assert beside(second, "tab=us", turn=0) == (first, third)
    assert beside(second, "", turn=0) == (first, third)


def test_neighbours_take_the_same_few_queries_in_a_list_of_any_length(django_assert_max_num_queries):
    inquiries = made(*range(1, 12))
    for each in inquiries:
        with django_assert_max_num_queries(5):  # one of them reads the record
            beside(each)


@pytest.mark.parametrize("query", ["tab=nowhere", "turn=7", "turn=x", "q=Ana", "page=" + "9" * 99])
def test_a_forged_address_leads_through_the_whole_inbox(query):
    first, second = made(1, 2)
    found = neighbours_in_list(first, QueryDict(query), NOBODY, timezone.now())
    assert (found.before, found.after, found.listing) == (None, second, Listing())


@pytest.mark.slow
def test_the_way_on_and_back_keeps_the_list():
    first, second = made(1, 2)
    found = neighbours_in_list(first, QueryDict("tab=unread&turn=0"), NOBODY, timezone.now())
    assert found.before_address == ""
    assert found.after_address == f"/admin/screening/inquiry/{second.pk}/change/?tab=unread&turn=0"
    assert found.listing.address == "/admin/screening/inquiry/?tab=unread"
