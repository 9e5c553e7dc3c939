"""Hostile input to the inbox and its pages gets a page in response and writes nothing."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from screening.models import Event, Inquiry
from tests.builders import inquiry
from tests.examples import examples
from tests.test_hostile_input import encodable, texts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADDRESSES = [
    reverse("admin:index"),
    *(reverse(f"admin:screening_inquiry_{name}") for name in ("changelist", "bulk", "failed", "export")),
]
IN_ADDRESSES = ["tab", "status", "assignee", "language", "q", "page", "turn"]
IN_FORMS = ["list", "do", "chosen", "shown", "all", "sure", "to", "closed_as", "letter", "what"]
NAMES = st.sampled_from(IN_ADDRESSES + IN_FORMS)
VALUES = texts | st.sampled_from(
    ["assign", "close", "retry", "set-aside", "us", "closed", "yes", "nobody", "1", "9" * 30, "~" + "0a" * 16, "spam"]
)


@examples(150)
@given(st.sampled_from(ADDRESSES), st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=6))
def test_no_form_data_makes_a_server_error(desk, address, data):
    if not Inquiry.objects.exists():
        inquiry()
    cleaned = {name: [encodable(value) for value in values] for name, values in data.items()}
    for response in (desk.get(address, cleaned), desk.post(address, cleaned), desk.head(address, cleaned)):
        assert response.status_code < 500
    assert set(Event.objects.values_list("kind", flat=True)) == {"received"}


def test_a_body_of_many_fields_is_refused_with_a_page(desk):
    sent = {"do": "close", "chosen": ["x"] * 1001}
    response = desk.post(reverse("admin:screening_inquiry_bulk"), sent)
    assert response.status_code == 400
