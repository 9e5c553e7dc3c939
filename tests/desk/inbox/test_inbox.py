"""The inbox page: tabs and counts, the promised reply, search, empty lists, forged parameters."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.desk.capped_counts import COUNT_CAP, capped_count, format_count
from screening.inquiries import services
from screening.management import demo_data
from screening.models import Inquiry
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
INBOX = reverse("admin:screening_inquiry_changelist")


def put(made: Inquiry, **changed) -> None:
    Inquiry.objects.filter(pk=made.pk).update(**changed)


def listed(page: str) -> list[str]:
    """Return the references of the rows, in order."""
    return re.findall(r'<th scope="row"><a [^>]+>.*?(CRC-[^<]+)</', page)


def counts(page: str) -> dict[str, str]:
    return dict(re.findall(r'<li><a href="[^"]+"[^>]*>([^<]+) <span class="count">([^<]+)</span>', page))


@pytest.mark.slow
def test_each_tab_has_its_inquiries_and_says_how_many(desk, staff):
    now = timezone.now()
    unread, mine, waiting, late, closed = (inquiry() for _ in range(5))
    for made in (mine, waiting, late, closed):
        services.record_opened(made, staff)
    services.assign(mine, staff, staff)
    for status in ("in-review", "waiting"):
        services.move_status(waiting, status, staff)
    put(late, reply_due_at=now - timedelta(days=1))
    services.move_status(closed, "closed", staff, "booked")
    tabs = {
        "unread": {unread},
        "mine": {mine},
        "us": {unread, mine, late},
        "patient": {waiting},
        "overdue": {late},
        "closed": {closed},
        "all": {unread, mine, waiting, late, closed},
    }
    for name, inside in tabs.items():
        page = desk.get(INBOX, {"tab": name}).content.decode()
        assert set(listed(page)) == {made.reference for made in inside}, name
        assert re.search(r'<a href="[^"]+" aria-current="page">', page)
    assert counts(page) == {
        "Unread": "1",
        "Mine": "1",
        "Waiting for us": "3",
        "Waiting for patient": "1",
        "Overdue": "1",
        "Closed": "1",
        "All": "5",
    }


@pytest.mark.slow
def test_counts_stop_where_nobody_counts_any_more(desk):
    assert [format_count(count) for count in (0, 999, COUNT_CAP, COUNT_CAP + 1)] == ["0", "999", "999+", "999+"]
    services.create_demo_inquiries(demo_data.people(0, COUNT_CAP + 5, timezone.now(), []))
    assert capped_count(Inquiry.objects.all()) == COUNT_CAP
    page = desk.get(INBOX).content.decode()
    assert counts(page)["All"] == "999+"
    assert "1 to 20 of 999+" in page


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (timedelta(hours=2, minutes=30), "2 hours left"),
        (timedelta(days=1, minutes=5), "1 day left"),
        (-timedelta(minutes=61), "1 hour late"),
        (-timedelta(days=1, minutes=1), "1 day late"),
    ],
)
def test_the_promise_is_shown_as_a_clock(desk, due, text):
    put(inquiry(), reply_due_at=timezone.now() + due)
    page = desk.get(INBOX).content.decode()
    assert f">{text}</span>" in page
    assert ('class="late"' in page) is ("late" in text)


def test_the_clock_stops_when_somebody_has_replied_or_closed_it(desk, staff):
    replied, closed = inquiry(), inquiry()
    for made in (replied, closed):
        put(made, reply_due_at=timezone.now() - timedelta(days=2))
    services.log_call(replied, "", staff)
    services.move_status(closed, "closed", staff, "spam")
    page = desk.get(INBOX).content.decode()
    assert "late" not in page
    assert ">replied</span>" in page


def test_the_earliest_promise_is_first(desk):
    now = timezone.now()
    made = {days: inquiry() for days in (5, 1, 3)}
    for days, each in made.items():
        put(each, reply_due_at=now + timedelta(days=days))
    assert listed(desk.get(INBOX).content.decode()) == [made[days].reference for days in (1, 3, 5)]


def test_a_row_says_the_language_by_its_name_and_so_does_the_filter(desk):
    inquiry()
    page = desk.get(INBOX, {"language": "en"}).content.decode()
    assert re.search(r'data-label="Language">English</td>', page)
    assert '<option value="en" selected>English</option>' in page
    assert '<option value="es">Spanish</option>' in page


def test_filters_stay_in_the_address_of_every_link(desk):
    services.create_demo_inquiries(demo_data.people(0, 80, timezone.now(), []))
    page = desk.get(INBOX, {"tab": "closed", "language": "en"}).content.decode()
    assert f'href="{INBOX}?tab=closed&amp;language=en&amp;page=2"' in page
    assert re.search(r'/change/\?tab=closed&amp;language=en&amp;turn=2"', page)
    assert 'export/?tab=closed&amp;language=en"' in page


@pytest.mark.slow
def test_pages_follow_each_other_without_a_gap(desk):
    services.create_demo_inquiries(demo_data.people(0, 60, timezone.now(), []))
    pages = [listed(desk.get(INBOX, {"page": number}).content.decode()) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 20]
    in_order = Inquiry.objects.longest_waiting_first().values_list("reference", flat=True)
    assert sum(pages, []) == list(in_order)


@pytest.mark.parametrize(
    ("tab", "meaning"),
    [
        ("unread", "Every open inquiry has been opened"),
        ("mine", "Nothing open is assigned to you"),
        ("us", "Nobody waits for us"),
        ("patient", "We wait for no patient"),
        ("overdue", "No promise is broken"),
        ("closed", "Nothing has been closed yet"),
        ("all", "No inquiry has come yet"),
    ],
)
def test_an_empty_tab_says_what_that_means(desk, tab, meaning):
    assert meaning in desk.get(INBOX, {"tab": tab}).content.decode()


def test_nothing_found_says_that_words_are_searched_whole(desk):
    inquiry(name="Anabel Ruiz")
    page = desk.post(INBOX, {"q": "Ana"}, follow=True).content.decode()
    assert listed(page) == []
    assert "Words are searched whole" in page
    assert listed(desk.post(INBOX, {"q": "anabél"}, follow=True).content.decode())


@pytest.mark.parametrize("sought", ["x" * 10_000, " ", "", "!?", "\x00", "~", "\ud800"])
def test_a_search_that_cannot_be_done_is_reported_and_lists_nothing(desk, sought):
    made = inquiry()
    response = desk.post(INBOX, {"q": sought.encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert made.reference not in page
    assert "<title>Error:" in page


def test_a_search_of_many_words_is_done_with_the_first_of_them(desk):
    response = desk.post(INBOX, {"q": " ".join("abcdefghijklmnopqrstuvw")})
    assert response.status_code == 302
    assert desk.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["tab=eligible", "status=candidate", "assignee=424242", "language=xx", "page=2", "page=999999999", "q=Ana", "q=~1"],
)
def test_a_forged_address_lists_nothing_and_says_so(desk, query):
    made = inquiry()
    response = desk.get(f"{INBOX}?{query}")
    page = response.content.decode()
    assert response.status_code == 404
    assert 'role="alert"' in page
    assert made.reference not in page
    assert "whole inbox" in page


@pytest.mark.parametrize("query", ["o=2.-1", "p=3", "e=1", "_popup=1", "reference__startswith=CRC", "turn=0", "x=%00"])
def test_what_an_address_does_not_know_is_left_alone(desk, query):
    made = inquiry()
    response = desk.get(f"{INBOX}?{query}")
    assert response.status_code == 200
    assert made.reference in response.content.decode()


def test_no_name_stands_in_an_address_after_a_search(desk):
    inquiry(name="Ana Ríos")
    address = unquote(desk.post(INBOX, {"q": "Ana Ríos"}).headers["Location"]).lower()
    assert "ana" not in address
    assert "r" not in address.partition("q=")[2]


def test_the_inbox_is_not_cached(desk):
    assert "no-store" in desk.get(INBOX).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("group", "sees"),
    [
        ("Reader", (False, False)),
        ("Reviewer", (True, False)),
        ("Manager", (True, True)),
    ],
)
def test_what_a_group_may_not_do_is_not_shown(group, sees):
    inquiry()
    page = signed_in(member(group)).get(INBOX).content.decode()
    assert ('name="chosen"' in page, "/export/" in page) == sees


def expiring(page: str) -> list[str]:
    notice = re.search(r'<p class="notice fading">.*?</p>', page, re.DOTALL)
    return re.findall(r">(CRC-[^<]+)</a>", notice[0]) if notice else []


@pytest.mark.slow
def test_what_is_erased_within_the_week_is_named_to_those_who_may_keep_it(settings):
    now, year = timezone.now(), timedelta(days=settings.RETENTION_DAYS)
    soon, later, spoken, on_hold, withdrawn = (inquiry() for _ in range(5))
    for made in (soon, spoken, on_hold, withdrawn):
        put(made, received_at=now - year + timedelta(days=6))
    put(later, received_at=now - year + timedelta(days=8))
    put(spoken, last_contact_at=now)
    put(on_hold, held_since=now)
    services.withdraw(withdrawn.pk)
    assert expiring(signed_in(member("Reader")).get(INBOX).content.decode()) == []
    for group in ("Reviewer", "Manager"):
        assert expiring(signed_in(member(group)).get(INBOX).content.decode()) == [soon.reference]


def test_of_many_that_are_erased_soon_the_first_are_named(desk, settings):
    long_ago = timezone.now() - timedelta(days=settings.RETENTION_DAYS - 3)
    made = [inquiry() for _ in range(12)]
    for number, each in enumerate(made):
        put(each, received_at=long_ago + timedelta(minutes=number))
    page = desk.get(INBOX).content.decode()
    assert expiring(page) == [each.reference for each in made[:10]]
    assert "and others</p>" in page


def test_another_language_shows_the_same_page_of_the_list(desk):
    inquiry()
    page = desk.get(INBOX, {"tab": "us"}).content.decode()
    assert f'name="next" value="{INBOX}?tab=us"' in page


def test_the_inbox_speaks_the_language_of_who_reads_it(desk, settings):
    inquiry()
    desk.cookies[settings.STAFF_LANGUAGE_COOKIE_NAME] = "es"
    page = desk.get(INBOX).content.decode()
    for text in ("Sin leer", "En espera del paciente", "Inglés", "Español"):
        assert text in page
