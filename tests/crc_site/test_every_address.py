"""Every address there is, asked by a patient and by staff in every way: walls, kept by nobody, no file, no way out."""

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
from tests.crc_site.expected_headers import walls_missing

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
urlpatterns = [path("style/", style_guide.style_guide, name="style"), *failing_views.urlpatterns]
handler400, handler403, handler404, handler500 = (
    failing_views.handler400,
    failing_views.handler403,
    failing_views.handler404,
    failing_views.handler500,
)

PERSONAL = ("/admin/", "/staff/", "/candidacy/", "/es/candidacy/")
# The same for everybody, and without a name or an answer.
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
# Where a file is put in place of what a form asks for; everywhere else it comes beside it.
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
    """A patient in the middle of the questions, and a member of staff who may do everything."""
    patient = with_draft(draft(infection=None), Client())
    for client in (patient, desk):
        client.raise_request_exception = False
    return [patient, desk]


def asked(people: list[Client], address: str):
    """Looked at and sent to in turn, the last without the form's token, so that nothing is done."""
    for client in people:
        yield from (client.get(address), client.head(address), client.put(address), client.options(address))
        stranger = Client(enforce_csrf_checks=True, raise_request_exception=False)
        stranger.cookies = client.cookies
        yield stranger.post(address)


def test_every_answer_of_every_address_builds_the_walls(people):
    answers = [(address, answer) for address in every_address() for answer in asked(people, address)]
    wrong = [(at, answer.status_code, walls_missing(answer)) for at, answer in answers if walls_missing(answer)]
    assert wrong == []
    assert {200, 302, 403, 404, 405, 500} <= {answer.status_code for _address, answer in answers}
    shown = [(at, answer) for at, answer in answers if answer.status_code == 200 and answer.content]
    personal = [(at, answer) for at, answer in shown if at.startswith(PERSONAL) and at not in IMPERSONAL]
    assert {at for at, answer in personal if "no-store" not in answer.headers.get("Cache-Control", "")} == set()


def test_a_file_is_taken_nowhere(people, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = dict(Draft.objects.values_list("pk", "answers"))
    passed_over = ("withdraw", "/clear/", "/logout/", "/reset/", "/link/", "/fails/")  # they ask for nothing
    addresses = [address for address in every_address(("en",)) if not any(part in address for part in passed_over)]
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
def test_no_door_leads_to_another_site(people, staff, elsewhere):
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
    """Whether a browser stays here: it reads a backslash as a slash, and takes tabs and newlines out."""
    read = place.translate({ord("\\"): "/", ord("\t"): None, ord("\n"): None, ord("\r"): None})
    there = urlsplit(read)
    return not there.scheme and not there.netloc and not read.startswith("//")
