"""Every URL, requested by a patient and by staff: security headers, no caching, no upload, no open redirect."""

import tempfile
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import path

from content import style_guide
from screening.models import Draft, Note
from tests.addresses import every_address
from tests.builders import draft
from tests.crc_site import failing_views
from tests.crc_site.expected_headers import wrong_headers

pytestmark = [pytest.mark.django_db, pytest.mark.any_database, pytest.mark.urls(__name__), pytest.mark.slow]
urlpatterns = [path("style/", style_guide.style_guide, name="style"), *failing_views.urlpatterns]
handler400, handler403, handler404, handler500 = (
    failing_views.handler400,
    failing_views.handler403,
    failing_views.handler404,
    failing_views.handler500,
)

PERSONAL = ("/admin/", "/staff/", "/candidacy/", "/es/candidacy/")
# The same for everybody, with no name or answer.
IMPERSONAL = ("/candidacy/questions/", "/es/candidacy/questions/", "/candidacy/questionnaire.json")
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "//testserver@evil.example/",
    "https://testserver.evil.example/",
)
DOORS = (
    "/staff/language/",
    "/admin/screening/inquiry/several/",
    "/admin/screening/inquiry/failed/",
    "/admin/logout/",
)
# The field that the file replaces; all other URLs get an additional field.
FIELDS = {
    "/candidacy/infection/": "infection",
    "/candidacy/check/": "website",
    "/admin/login/": "username",
    "/admin/screening/inquiry/": "q",
    "/admin/staff/member/add/": "username",
    "/letter/": "free_text",
    "/change/": "text",
    "/hold/": "hold-reason",
}


@pytest.fixture
def people(desk, with_draft) -> list[Client]:
    """A patient with a draft, and a superuser."""
    patient = with_draft(draft(infection=None), Client())
    for client in (patient, desk):
        client.raise_request_exception = False
    return [patient, desk]


def responses_to(people: list[Client], address: str):
    """Yield responses to each method; the POST has no CSRF token, so nothing is changed."""
    for client in people:
        yield from (client.get(address), client.head(address), client.put(address), client.options(address))
        stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
        stranger.cookies = client.cookies
        yield stranger.post(address)


@pytest.mark.slow
def test_every_response_of_every_address_has_the_security_headers(people):
    answers = [(address, answer) for address in every_address() for answer in responses_to(people, address)]
    wrong = [(at, answer.status_code, wrong_headers(answer)) for at, answer in answers if wrong_headers(answer)]
    assert wrong == []
    assert {200, 302, 403, 404, 405, 500} <= {answer.status_code for _address, answer in answers}
    shown = [(at, answer) for at, answer in answers if answer.status_code == 200 and answer.content]
    personal = [(at, answer) for at, answer in shown if at.startswith(PERSONAL) and at not in IMPERSONAL]
    assert {at for at, answer in personal if "no-store" not in answer.headers.get("Cache-Control", "")} == set()


def test_a_file_is_taken_nowhere(people, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = dict(Draft.objects.values_list("pk", "answers"))
    skipped = ("withdraw", "/clear/", "/logout/", "/reset/", "/link/", "/fails/")  # their forms have no fields
    addresses = [address for address in every_address(("en",)) if not any(part in address for part in skipped)]
    answers = [(address, with_a_file(client, address)) for address in addresses for client in people]
    assert [(address, answer.status_code) for address, answer in answers if answer.status_code >= 500] == []
    assert dict(Draft.objects.values_list("pk", "answers")) == before
    assert not Note.objects.exists()
    assert list(tmp_path.iterdir()) == []


def with_a_file(client: Client, address: str):
    field = next((name for end, name in FIELDS.items() if address.endswith(end)), "file")
    file = SimpleUploadedFile("scan.png", b"\x89PNG" + b"A" * 100_000)
    return client.post(address, {field: file, "do": "hold" if address.endswith("/hold/") else "note"})


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_redirect_leads_to_another_site(people, staff, elsewhere):
    staff.set_password("an invented pass phrase")
    staff.save()
    people[1].force_login(staff)
    sent = {"next": elsewhere, "language": "es", "list": elsewhere}
    signing_in = sent | {"username": "nurse", "password": "an invented pass phrase"}
    doors = [Client().post("/admin/login/", signing_in), people[1].get("/admin/login/", sent)]
    doors += [people[1].post(address, sent) for address in DOORS]
    places = [answer.headers["Location"] for answer in doors if answer.status_code == 302]
    assert len(places) >= 5
    assert [place for place in places if not is_within(place)] == []


def test_no_address_leads_to_another_site(people):
    asking = dict.fromkeys(("next", "list", "url", "redirect", "back"), "//evil.example/")
    addresses = every_address(("en",))
    answers = [client.get(address, asking) for client in people for address in addresses]
    places = [answer.headers["Location"] for answer in answers if "Location" in answer.headers]
    assert len(places) > 5
    assert [place for place in places if not is_within(place)] == []


def is_within(place: str) -> bool:
    """Whether a redirect stays here. Browsers read a backslash as a slash and drop tabs and newlines."""
    read = place.translate({ord("\\"): "/", ord("\t"): None, ord("\n"): None, ord("\r"): None})
    there = urlsplit(read)
    return not there.scheme and not there.netloc and not read.startswith("//")
