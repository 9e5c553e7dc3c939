"""Hostile input never causes a 5xx: it is cleaned, or rejected with a friendly 4xx page."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from screening.models import Draft
from tests.builders import draft
from tests.examples import examples
from tests.hostile import addresses, keys, texts

pytestmark = pytest.mark.django_db


def encodable(text: str) -> str:
    """Return text that a test client can send; lone surrogates are covered by the multipart tests below."""
    return text.encode("utf-8", "replace").decode()


@pytest.mark.slow
@given(addresses, st.dictionaries(keys, st.lists(texts, max_size=3), max_size=6), st.booleans())
@examples(150)
def test_no_form_data_makes_a_server_error(with_draft, address, data, has_draft):
    client = with_draft(draft("both"), Client()) if has_draft else Client()
    cleaned = {encodable(key): [encodable(value) for value in values] for key, values in data.items()}
    for response in (client.post(encodable(address), cleaned), client.get(encodable(address))):
        assert response.status_code < 500


@pytest.mark.slow
@given(
    st.binary(max_size=400), st.sampled_from(["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
)
@example(b"--x\r\nbroken", "multipart/form-data; boundary=x")
@examples(150)
def test_no_body_makes_a_server_error(with_draft, body, content_type):
    client = with_draft(draft(), Client())
    response = client.generic("POST", "/candidacy/anything-else/", body, content_type=content_type)
    assert response.status_code < 500


@pytest.mark.slow
@given(texts, st.sampled_from(["utf-7", "utf-16", "latin-1", "cp037", "no-such-charset"]))
@example("\ud800 lone", "utf-7")
@examples(150)
def test_no_charset_smuggles_a_character_in(with_draft, text, charset):
    try:
        value = text.encode(charset, "surrogatepass")
    except (LookupError, UnicodeError):
        value = b"+2AA- lone"
    body = b'--x\r\nContent-Disposition: form-data; name="anything-else"\r\n\r\n' + value + b"\r\n--x--\r\n"
    saved = draft()
    client = with_draft(saved, Client())
    response = client.generic(
        "POST", "/candidacy/anything-else/", body, content_type=f"multipart/form-data; boundary=x; charset={charset}"
    )
    assert response.status_code < 500
    Draft.objects.get(pk=saved.pk).answers["anything-else"].encode()


def test_control_characters_are_cleaned_away(client, with_draft):
    saved = draft()
    with_draft(saved)
    client.post("/candidacy/anything-else/", {"anything-else": "knee\x00 \u202eand\x07 hip\r\nsince 2019"})
    assert Draft.objects.get(pk=saved.pk).answers["anything-else"] == "knee and hip\nsince 2019"


def multipart_with_a_file(size: int) -> bytes:
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\nContent-Type: image/png\r\n\r\n'
    return head + b"A" * size + b"\r\n--x--\r\n"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"anything-else=" + b"A" * 10_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"f%d=1" % n for n in range(1001)), "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="anything-else"\r\n\r\n'
            + b"A" * 10_000_000
            + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_too_much_is_refused_with_a_friendly_page(client, with_draft, body, content_type):
    saved = draft(anything_else="kept")
    with_draft(saved)
    response = client.generic("POST", "/candidacy/anything-else/", body, content_type=content_type)
    assert response.status_code == 400
    assert "<h1" in response.content.decode()
    assert Draft.objects.get(pk=saved.pk).answers["anything-else"] == "kept"


def test_a_file_is_taken_by_nobody(client, with_draft):
    with_draft(draft())
    response = client.generic(
        "POST", "/candidacy/goals/", multipart_with_a_file(10_000_000), content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 302
    assert client.get("/candidacy/goals/").status_code == 422
    assert Draft.objects.get().rejected_input["data"] == {}


@pytest.mark.parametrize(
    "path",
    [
        "/candidacy/..%5c..%5cetc/",
        "/candidacy/%00/",
        "/candidacy/" + "a" * 3000 + "/",
        "/candidacy/%ff%fe/",
        "/candidacy/withdraw/%00/",
    ],
)
def test_a_strange_address_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


def test_a_strange_host_is_refused(client):
    response = client.get("/candidacy/", headers={"host": "evil.example"})
    assert response.status_code == 400


def test_an_expired_form_gets_a_friendly_page_and_keeps_the_answers(with_draft):
    saved = draft()
    strict = with_draft(saved, Client(enforce_csrf_checks=True))
    response = strict.post(reverse("step", args=["goals"]), {"goals": ["cure"]})
    page = response.content.decode()
    assert response.status_code == 403
    assert reverse("candidacy") in page
    assert Draft.objects.filter(pk=saved.pk).exists()
