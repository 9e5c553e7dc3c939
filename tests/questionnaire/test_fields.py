import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from screening.questionnaire.fields import CleanEmailField, e164, international_format
from screening.questionnaire.text_cleaning import clean_text
from tests.builders import draft


@pytest.mark.parametrize(
    ("language", "typed", "stored"),
    [
        ("en", "(619) 555-0123", "+16195550123"),
        ("en", "619.555.0123", "+16195550123"),
        ("en", "1 619 555 0123", "+16195550123"),
        ("en", "+52 664 123 4567", "+526641234567"),
        ("en", "664 123 4567", "+526641234567"),
        ("es", "664 123 4567", "+526641234567"),
        ("es", "+1 (619) 555-0123", "+16195550123"),
        ("es", "55 1234 5678", "+525512345678"),
        ("en", "+44 20 7946 0958", "+442079460958"),
        ("es", "+52 1 664 123 4567", "+526641234567"),
        ("en", "5216641234567", "+526641234567"),
        ("es", "044 664 123 4567", "+526641234567"),
        ("es", "01 664 123 4567", "+526641234567"),
        ("es", "001 619 555 0123", "+16195550123"),
        ("en", "011 52 664 123 4567", "+526641234567"),
        ("es", "00 52 664 123 4567", "+526641234567"),
    ],
)
def test_phone_numbers_are_understood_as_people_write_them(language, typed, stored):
    with translation.override(language):
        assert e164(typed) == stored


@pytest.mark.parametrize("typed", ["12", "no phone", "000 000 0000", "+1 000", "619 555 0123 ext 9"])
def test_a_phone_number_that_cannot_be_one_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="like 619 555 0123"):
        e164(typed)


def test_a_number_is_shown_with_spaces():
    assert international_format("+526641234567") == "+52 664 123 4567"


@given(st.text())
def test_plain_text_holds_nothing_that_cannot_be_stored_or_seen(text):
    cleaned = clean_text(text, lines=True)
    cleaned.encode()  # a lone surrogate would fail here, and at the database
    assert not any(char < " " and char != "\n" for char in cleaned)
    assert "\u202e" not in cleaned
    assert clean_text(cleaned, lines=True) == cleaned


@pytest.mark.parametrize("address", ["a@localhost", "a@[127.0.0.1]", "x@" + "ü" * 60 + ".com"])
def test_an_address_that_no_mail_can_reach_is_refused(address):
    with pytest.raises(ValidationError):
        CleanEmailField().clean(address)


@pytest.mark.parametrize("text", ["\u200b", "\u3164", "\u2800", "\u2029", "\ufff9"])
def test_what_cannot_be_seen_is_nothing(text):
    assert clean_text(text, lines=True) == ""


def test_accents_are_composed_and_lines_kept():
    assert clean_text("Jose\u0301\r\nA\u0301ngel\x00", lines=True) == "José\nÁngel"


def test_a_single_line_stays_one():
    assert clean_text("a\nb\tc") == "a b c"


@pytest.mark.django_db
def test_phones_get_the_right_keyboard_and_browsers_fill_in_what_they_know(client, with_draft):
    with_draft(draft())
    page = client.get(reverse("step", args=["contact"])).content.decode()
    wanted = {
        "name": ('autocomplete="name"', 'autocapitalize="words"'),
        "email": ('type="email"', 'autocomplete="email"', 'inputmode="email"', 'autocapitalize="none"'),
        "phone": ('type="tel"', 'autocomplete="tel"', 'inputmode="tel"'),
    }
    for name, attributes in wanted.items():
        field = re.search(rf'<input[^>]* name="{name}"[^>]*>|<input[^>]*name="{name}"[^>]*>', page)[0]
        assert all(attribute in field for attribute in attributes), field
