"""Hostile input to a record and its pages gets a page in response and leaves the record intact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.desk.record.actions import ACTIONS
from screening.models import Inquiry, Status
from screening.outbox.letters import letter_choices
from tests.builders import inquiry
from tests.desk.record.sheet_pages import form_of, record_of
from tests.examples import examples
from tests.test_hostile_input import encodable, texts

pytestmark = pytest.mark.django_db

VALUES = texts | st.sampled_from(
    [
        *ACTIONS,
        *Status.values,
        *(name for name, _title in letter_choices()),
        *("preview", "send", "edit", "closed (spam)", "closed (withdrawn)", "→", "ask", "en", "es", "email", "phone"),
        *("-1", "0", "9" * 30, "1e3", "None", "00000000-0000-0000-0000-000000000000"),
    ]
)
NAMES = st.sampled_from(
    ["do", "version", "text", "note", "assignee", "to", "reason", "letter", "name", "free_text", "email", "phone"]
    + ["channel", "language", "patient-name", "mark-oa-goals", "initial-mark-oa-goals", "note-oa-goals", "mark-x"]
)


@pytest.mark.slow
@examples(60)
@given(
    st.sampled_from(["change", "letter"]),
    st.sampled_from([*ACTIONS, "preview"]),
    st.dictionaries(NAMES, st.lists(VALUES, max_size=2), max_size=5),
)
def test_no_form_data_makes_a_server_error(desk, page, do, data):
    made = Inquiry.objects.first() or inquiry("oa")
    shown = desk.get(record_of(made, page)).content.decode()
    try:
        sent = form_of(shown, do)
    except AssertionError:  # the page does not have this form now
        sent = {"do": do}
    cleaned = {name: [encodable(value) for value in values] for name, values in data.items()}
    assert desk.post(record_of(made, page), sent | cleaned).status_code < 500
    assert desk.get(record_of(made)).status_code == 200
    made.refresh_from_db()
    assert not made.is_withdrawn
    assert set(made.contact) <= {"name", "email", "phone", "channel", "best-time", "leave-message", "language"}


@pytest.mark.parametrize("which", ["change", "letter"])
def test_a_text_of_ten_megabytes_is_refused_with_a_page(desk, which):
    response = desk.post(record_of(inquiry(), which), {"do": "note", "text": "x" * 10_000_000})
    assert response.status_code in (400, 413)
