"""A list is defined by its URL: it lists what the parameters ask for, and a forged URL lists nothing."""

from urllib.parse import parse_qs

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from screening.desk.inbox.filters import InvalidListing, Listing
from screening.desk.inbox.tabs import TABS
from screening.inquiries import search, services
from tests.accounts.people import member
from tests.builders import inquiry

NOBODY = AnonymousUser()  # for lists that do not depend on the user
pytestmark = pytest.mark.django_db


def listed(query: str, by=NOBODY) -> list:
    return list(Listing.of(QueryDict(query)).inquiries(by, timezone.now()))


@pytest.mark.parametrize(
    "query",
    [
        "tab=unread",
        "tab=us&status=new&assignee=nobody&language=es",
        "assignee=7&page=3",
        "q=CRC-7K2M-4Q",
        "tab=closed&q=~" + "0a" * 16,
    ],
)
def test_an_address_is_read_and_written_back_the_same(query):
    assert Listing.of(QueryDict(query)).query() == QueryDict(query).urlencode()


def test_the_whole_inbox_has_the_plain_address():
    assert Listing.of(QueryDict("tab=all&status=&page=1")).address == "/admin/screening/inquiry/"


@pytest.mark.parametrize(
    "query",
    [
        "tab=eligible",
        "status=candidate",
        "tab=closed&status=new",
        "assignee=0",
        "assignee=-1",
        "assignee=nurse",
        "assignee=99999999999999999999",
        "assignee=٣",
        "language=xx",
        "page=0",
        "page=-1",
        "page=two",
        "page=1e3",
        "page=" + "9" * 400,
        "q=Ana",
        "q=~",
        "q=~zz",
        "q=" + ("~" + "0a" * 16) * (search.MAX_QUERY_WORDS + 1),
        "q=" + "x" * 10_000,
        "status=%00",
    ],
)
def test_a_forged_address_names_no_list(query):
    with pytest.raises(InvalidListing):
        Listing.of(QueryDict(query))


PARAMETERS = st.dictionaries(
    st.sampled_from(["tab", "status", "assignee", "language", "q", "page", "turn", "list"]),
    st.text() | st.from_regex(r"[~0-9a-f]{0,80}") | st.sampled_from(["", "us", "closed", "new", "es", "nobody", "7"]),
)


@pytest.mark.slow
@given(PARAMETERS)
def test_any_address_names_a_list_or_none(parameters):
    query = QueryDict(mutable=True)
    query.update(parameters)
    try:
        listing = Listing.of(query)
    except InvalidListing:
        return
    assert Listing.of(QueryDict(listing.query())) == listing


def test_filters_and_search_narrow_together(staff):
    ana = inquiry(name="Ana Ríos")
    other = inquiry(name="Ana Paz")
    services.assign(ana, staff, staff)
    word = search.encode_tokens(search.query_tokens("ana"))
    assert set(listed(f"q={word}")) == {ana, other}
    assert listed(f"q={word}&assignee={staff.pk}") == [ana]
    assert listed(f"q={word}&assignee=nobody") == [other]
    assert listed("status=in-review") == []
    assert listed("language=es") == []
    assert listed(f"q={other.reference}") == [other]
    assert listed(f"q={other.reference}&tab=closed") == []


def test_mine_has_my_open_ones_only(staff):
    mine, done, hers = inquiry(), inquiry(), inquiry()
    colleague = member("Reviewer")
    for made, to in ((mine, staff), (done, staff), (hers, colleague)):
        services.assign(made, to, staff)
    services.move_status(done, "closed", staff, "spam")
    assert listed("tab=mine", staff) == [mine]
    assert listed("tab=mine", colleague) == [hers]


def test_what_is_done_with_comes_latest_first(staff):
    first, second = inquiry(), inquiry()
    for made in (first, second):
        services.move_status(made, "closed", staff, "spam")
    assert listed("tab=closed") == [second, first]
    assert listed("") == [first, second]


def test_no_tab_names_an_answer():
    assert list(TABS) == ["unread", "mine", "us", "patient", "overdue", "closed", "all"]


def test_a_record_is_opened_with_its_list_in_the_address():
    made = inquiry()
    address = Listing.of(QueryDict("tab=us&language=en")).address_of(made)
    path, _mark, query = address.partition("?")
    assert path.endswith(f"{made.pk}/change/")
    assert parse_qs(query) == {"tab": ["us"], "language": ["en"], "turn": ["0"]}
