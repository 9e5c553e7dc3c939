from datetime import UTC, datetime

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override

from screening.desk.record.contact_card import contact_card
from screening.templatetags.desk import breakable
from tests.builders import inquiry

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)


def test_details_stand_in_the_order_of_the_questions_and_in_staffs_words():
    details = {detail.label: detail.value for detail in contact_card(inquiry(), NOON).details}
    assert list(details)[:4] == ["For whom", "Name", "E-mail address", "Phone number"]
    assert details["Wishes to be answered"] == "By e-mail"
    assert "Name of the patient" not in details
    assert contact_card(inquiry(phone=""), NOON).details[3].value == "Not answered"


def test_who_writes_for_somebody_else_is_told_apart_from_them():
    made = inquiry(who="other", patient_name="Rosa Pérez")
    details = {detail.label: detail.value for detail in contact_card(made, NOON).details}
    assert (details["Name"], details["Name of the patient"]) == ("Ana Pérez", "Rosa Pérez")
    assert details["For whom"].startswith("For someone else")


def test_it_is_shown_in_the_readers_language():
    with override("es"):
        assert ("Buena hora para llamar", "A cualquier hora") in [
            (detail.label, detail.value) for detail in contact_card(inquiry(), NOON).details
        ]


@pytest.mark.parametrize(("phone", "tells"), [("+16195550100", True), ("+18005550100", False), ("", False)])
def test_only_a_number_of_a_few_places_tells_the_time(phone, tells):
    assert contact_card(inquiry(phone=phone), NOON).tells_the_time is tells


def test_a_line_may_end_between_the_names_of_an_address_and_nothing_else_becomes_html():
    assert breakable("ana.rios@clinic.example") == "ana.rios@<wbr>clinic<wbr>.example"
    assert breakable("<b>@<i>") == "&lt;b&gt;@<wbr>&lt;i&gt;"
    assert not isinstance(breakable("<b>Ana</b>"), SafeString)
