"""Every admin URL, requested anonymously and by each group, against one table of statuses."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.accounts.people import member, signed_in
from tests.builders import inquiry

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

WHO = ("nobody", "stranger", "Reader", "Reviewer", "Manager", "technician")
# Statuses of a GET and of an empty POST, in the order of WHO; a stranger is staff without a group.
# Anonymous: 302 redirects to the sign-in page, 403 is its answer to a form. A new URL needs a row.
TABLE = {
    "": ("302 200 200 200 200 200", "403 200 200 200 200 200"),
    "login/": ("200 302 302 302 302 302", "200 200 200 200 200 200"),
    "logout/": ("302 405 405 405 405 405", "302 200 200 200 200 200"),
    "password_change/": ("302 200 200 200 200 200", "403 200 200 200 200 200"),
    "password_change/done/": ("302 200 200 200 200 200", "403 405 405 405 405 405"),
    "autocomplete/": ("302 403 403 403 403 403", "403 405 405 405 405 405"),
    "jsi18n/": ("302 200 200 200 200 200", "403 405 405 405 405 405"),
    "r/<path:content_type_id>/<path:object_id>/": ("302 404 404 404 404 404", "403 404 404 404 404 404"),
    "staff/member/": ("302 403 403 403 200 200", "403 403 403 403 200 200"),
    "staff/member/add/": ("302 403 403 403 200 200", "403 403 403 403 200 200"),
    "staff/member/<int:object_id>/change/": ("302 403 403 403 200 200", "403 403 403 403 200 200"),
    "staff/member/<int:object_id>/link/": ("302 403 403 403 302 302", "403 403 403 403 200 200"),
    "staff/member/<int:object_id>/reset/": ("302 403 403 403 302 302", "403 403 403 403 302 302"),
    "staff/member/<int:object_id>/passkey/<uuid:passkey_id>/": ("302 403 403 403 302 302", "403 403 403 403 302 302"),
    "screening/inquiry/": ("302 403 200 200 200 200", "403 403 302 302 302 302"),
    "screening/inquiry/next/": ("302 403 302 302 302 302", "403 405 405 405 405 405"),
    "screening/inquiry/several/": ("302 405 405 405 405 405", "403 403 403 302 302 302"),
    "screening/inquiry/failed/": ("302 405 405 405 405 405", "403 403 403 302 302 302"),
    "screening/inquiry/appointments/": ("302 403 200 200 200 200", "403 403 405 405 405 405"),
    "screening/inquiry/calendar/": ("302 405 405 405 405 405", "403 403 302 302 302 302"),
    "screening/inquiry/export/": ("302 403 403 403 200 200", "403 403 403 403 422 422"),
    "screening/inquiry/<uuid:object_id>/letter/": ("302 403 403 200 200 200", "403 403 403 200 200 200"),
    "screening/inquiry/<uuid:object_id>/record/": ("302 403 403 403 200 200", "403 405 405 405 405 405"),
    "screening/inquiry/<uuid:object_id>/record.json": ("302 403 403 403 200 200", "403 405 405 405 405 405"),
    "screening/inquiry/add/": ("302 403 403 403 403 403", "403 403 403 403 403 403"),
    "screening/inquiry/<path:object_id>/history/": ("302 403 403 403 200 200", "403 403 403 403 200 200"),
    "screening/inquiry/<path:object_id>/delete/": ("302 403 403 403 403 403", "403 403 403 403 403 403"),
    "screening/inquiry/<path:object_id>/change/": ("302 403 200 200 200 200", "403 403 403 302 302 302"),
    "screening/inquiry/<uuid:object_id>/hold/": ("302 403 403 403 200 200", "403 403 403 403 302 302"),
    "screening/inquiry/<path:object_id>/": ("302 302 302 302 302 302", "403 302 302 302 302 302"),
    "^(?P<app_label>staff|screening)/$": ("302 404 404 404 200 200", "403 404 404 404 200 200"),
    "(?P<url>.*)$": ("302 404 404 404 404 404", "403 404 404 404 404 404"),
}
# POST data where an empty POST would not test the permission.
SENT = {
    "screening/inquiry/": {"q": "Ana"},
    "screening/inquiry/<path:object_id>/change/": {"do": "note", "text": "Called"},
    "screening/inquiry/<uuid:object_id>/letter/": {"name": "ask-more", "free_text": "Which scan?"},
}


def routes(patterns=None, prefix: str = "") -> list[str]:
    """Return every route below /admin/."""
    if patterns is None:
        (patterns,) = [found.url_patterns for found in get_resolver().url_patterns if str(found.pattern) == "admin/"]
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        found += [route] if isinstance(pattern, URLPattern) else routes(pattern.url_patterns, route)
    return found


def example_of(route: str, made, colleague) -> str:
    """Return a URL for the route, with ids of existing records."""
    own = {"staff": str(colleague.pk), "screening": str(made.pk)}.get(route.partition("/")[0], "1")
    blanks = {
        "<path:object_id>": own,
        "<int:object_id>": own,
        "<uuid:object_id>": own,
        "<uuid:passkey_id>": "00000000-0000-4000-8000-000000000000",
        "<path:content_type_id>": "1",
        "^(?P<app_label>staff|screening)/$": "staff/",
        "(?P<url>.*)$": "nowhere/",
    }
    for blank, value in blanks.items():
        route = route.replace(blank, value)
    return f"/admin/{route}"


def clients() -> list[Client]:
    """One client for each of WHO."""
    people = [member(None), *(member(group) for group in WHO[2:5]), User.objects.create_superuser("technician")]
    return [Client(), *map(signed_in, people)]


def test_the_table_has_every_route_and_no_other():
    assert set(routes()) == set(TABLE)


@pytest.mark.slow
@pytest.mark.parametrize("route", TABLE)
def test_each_group_gets_exactly_what_it_may_have(route):
    address = example_of(route, inquiry(), member("Reader", "colleague"))
    looked, sent = TABLE[route]
    people = clients()
    assert " ".join(str(client.get(address).status_code) for client in people) == looked
    assert " ".join(str(client.post(address, SENT.get(route, {})).status_code) for client in people) == sent


def test_nobody_is_led_to_the_sign_in_page_and_nowhere_else(client):
    made, colleague = inquiry(), member("Reader", "colleague")
    for route in TABLE:
        response = client.get(example_of(route, made, colleague))
        if response.status_code == 302 and route != "logout/":
            assert response.headers["Location"].startswith("/admin/login/?next=/admin/"), route


@pytest.mark.parametrize("route", TABLE)
def test_who_has_given_no_one_time_code_is_nobody(route, settings):
    settings.STAFF_REQUIRE_OTP = True
    made, client = inquiry(), signed_in(member("Manager"))
    address = example_of(route, made, member("Reader", "colleague"))
    answers = str(client.get(address).status_code), str(client.post(address, SENT.get(route, {})).status_code)
    assert answers == tuple(statuses.split()[0] for statuses in TABLE[route])
