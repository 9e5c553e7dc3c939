from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from screening.desk.record.contact_card import call_sheet, local_times
from screening.questionnaire import wording_versions
from tests.builders import CONTACT

NOON_IN_WINTER = datetime(2026, 11, 23, 20, tzinfo=UTC)


def sheet(language: str = "en", **changed):
    contact = CONTACT | {key.replace("_", "-"): value for key, value in changed.items()}
    _digest, content = wording_versions.current_wording()
    with override(language):
        return call_sheet(contact, content[language], NOON_IN_WINTER)


def times(number: str) -> list[tuple[tuple[str, ...], str]]:
    return [(found.places, f"{found.at:%H:%M}") for found in local_times(number, NOON_IN_WINTER)]


def test_a_number_is_called_or_written_to_with_one_touch():
    made = sheet()
    assert made.phone == "+1 619-555-0100"
    assert made.call_link == "tel:+16195550100"
    assert made.whatsapp_link == "https://wa.me/16195550100"


def test_who_gave_no_number_gets_no_link():
    made = sheet(phone="", channel="email")
    assert (made.phone, made.call_link, made.whatsapp_link, made.local_times) == ("", "", "", [])


def test_wishes_are_shown_in_the_readers_language():
    wishes = {"channel": "whatsapp", "best_time": "evening", "leave_message": "no"}
    made = sheet("en", **wishes)
    assert (made.wished, made.best_time, made.may_leave_message) == ("By WhatsApp", "Evening", "No")
    made = sheet("es", **wishes)
    assert (made.wished, made.best_time, made.may_leave_message) == ("Por WhatsApp", "En la noche", "No")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+16195550100", [(("Los Angeles",), "12:00")]),
        ("+526641234567", [(("Tijuana",), "12:00")]),
        ("+12125550100", [(("New York",), "15:00")]),
        ("+525512345678", [(("Mexico City",), "14:00")]),
    ],
)
def test_the_area_code_suggests_a_local_time(number, expected):
    assert times(number) == expected


def test_a_number_of_several_zones_names_them_all_by_their_time():
    found = times("+18005550100")
    shown = {time: places for places, time in found}
    assert len(shown) == len(found) > 5
    assert {"Los Angeles", "Vancouver"} <= set(shown["12:00"])


@pytest.mark.parametrize("number", ["", "619", "+999123456", "hello"])
def test_a_number_of_nowhere_suggests_nothing(number):
    assert times(number) == []


def test_places_are_named_in_the_readers_language():
    with override("es"):
        assert times("+16195550100") == [(("Los Ángeles",), "12:00")]


def test_an_extension_is_shown_and_dialled_and_no_part_of_a_whatsapp_number():
    made = sheet(phone="+16192340123;ext=5")
    assert made.phone == "+1 619-234-0123 ext. 5"
    assert made.call_link == "tel:+16192340123;ext=5"
    assert made.whatsapp_link == "https://wa.me/16192340123"
    assert made.local_times == sheet(phone="+16192340123").local_times != []
