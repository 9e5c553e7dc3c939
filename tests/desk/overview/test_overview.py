"""The front page: waiting inquiries, and charts with a table each."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.inquiries import services
from screening.management import demo_data
from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
FRONT = reverse("admin:index")
CHARTS = ("Inquiries a week", "Days to the first reply", "Open, by status", "Open, by language")


@pytest.mark.slow
def test_each_drawing_has_a_title_a_description_and_a_table(desk, staff):
    services.create_demo_inquiries(demo_data.people(0, 200, timezone.now(), [staff]))
    page = desk.get(FRONT).content.decode()
    for title in CHARTS:
        assert re.search(rf'<title id="(\w+)-title">{title}</title>\s*<desc id="\1-desc">[^<]+</desc>', page)
    assert page.count('role="img"') == page.count("<details>") == page.count("<table>") == len(CHARTS)
    assert "style=" not in page


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_places_are_written_as_drawings_understand_them(desk, staff, settings, language):
    services.create_demo_inquiries(demo_data.people(0, 300, timezone.now(), [staff]))
    desk.cookies[settings.STAFF_LANGUAGE_COOKIE_NAME] = language
    page = desk.get(FRONT).content.decode()
    places = re.findall(r' (?:[xyr]|[xy][12]|c[xy]|d[xy]|width|height)="([^"]*)"', page)
    assert len(places) > 100
    assert [place for place in places if not re.fullmatch(r"\d+(\.\d+)?(rem)?", place)] == []


def test_what_waits_leads_to_its_list(desk, staff):
    made = inquiry()
    services.assign(made, staff, staff)
    page = desk.get(FRONT).content.decode()
    tiles = dict(re.findall(r'<li><a href="([^"]+)"><strong>(\d+)</strong>', page))
    inbox = reverse("admin:screening_inquiry_changelist")
    assert tiles == {f"{inbox}?tab={tab}": "1" for tab in ("unread", "mine", "us")} | {f"{inbox}?tab=overdue": "0"}


def test_an_empty_desk_draws_empty_figures(desk):
    page = desk.get(FRONT).content.decode()
    assert "0 inquiries in the last 12 weeks" in page
    assert "No inquiry of the last 12 weeks has been answered yet" in page


@pytest.mark.parametrize(("group", "sees_accounts"), [("Reader", False), ("Reviewer", False), ("Manager", True)])
def test_each_group_sees_the_figures_and_managers_the_accounts(group, sees_accounts):
    page = signed_in(member(group)).get(FRONT).content.decode()
    assert CHARTS[0] in page
    assert ("Staff accounts" in page) is sees_accounts


def test_who_may_not_open_inquiries_sees_no_figure():
    page = signed_in(member(None)).get(FRONT).content.decode()
    assert "<svg viewBox" not in page
    assert "Ask a manager" in page
