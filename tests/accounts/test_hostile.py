"""Hostile input to staff's sign-in and enrolment gets a page, never a 5xx."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from screening.accounts.enrolment import create_link
from screening.accounts.models import Member
from tests.accounts.people import member, signed_in
from tests.examples import examples

pytestmark = pytest.mark.django_db

NASTY = [
    "\x00",
    "\u202eevil",
    "A" * 5000,
    "<script>",
    "%00",
    "..%5c",
    "' OR 1=1",
    "\r\nX: y",
    "１２３４５６",
    "9" * 400,
]
texts = st.text(max_size=40).map(lambda text: text.encode("utf-8", "replace").decode()) | st.sampled_from(NASTY)
FIELDS = ["username", "password", "otp_token", "next", "again", "code", "language", "group", "email", "is_active", "do"]
forms = st.dictionaries(st.sampled_from(FIELDS), st.lists(texts, max_size=2), max_size=6)
DOORS = ["/admin/login/", "/admin/", "/staff/language/", "/staff/enrol/x/", "/admin/password_change/", "LINK"]


@pytest.mark.slow
@given(st.sampled_from(DOORS), forms, st.booleans())
@examples(120)
def test_no_form_makes_a_server_error(settings, door, form, with_codes):
    settings.STAFF_REQUIRE_OTP = with_codes
    if door == "LINK":
        who = Member.objects.filter(username="reader").first() or member("Reader")
        door = create_link(who).removeprefix("http://localhost:8000")
    assert Client().post(door, form).status_code < 500


@pytest.mark.slow
@given(st.sampled_from(["add/", "1/change/", "1/link/", "1/reset/", f"{'9' * 30}/change/", f"{'9' * 30}/link/"]), forms)
@examples(120)
def test_no_form_makes_a_fault_among_the_accounts(path, form):
    manager = signed_in(Member.objects.filter(username="manager").first() or member("Manager"))
    for response in (manager.post(f"/admin/staff/member/{path}", form), manager.get(f"/admin/staff/member/{path}")):
        assert response.status_code < 500


@pytest.mark.parametrize("token", ["%00", "..%5c", "a" * 3000, "%ff%fe", "a.b", ".", ":", "%20", "’"])
def test_a_strange_link_is_not_found(client, token):
    assert client.get(f"/staff/enrol/{token}/").status_code == 404
