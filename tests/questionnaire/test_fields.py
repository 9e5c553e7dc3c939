import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override

from screening.questionnaire.fields import CleanEmailField, PhoneField, deliverable
from tests.builders import draft


@pytest.mark.parametrize("address", ["a@localhost", "a@[127.0.0.1]", "x@" + "ü" * 60 + ".com"])
def test_an_address_that_no_mail_can_reach_is_refused(address):
    with pytest.raises(ValidationError):
        CleanEmailField().clean(address)


def test_an_address_is_kept_as_typed_and_delivered_to_its_own_domain():
    """IDNA 2003 maps ß to ss, which is another domain."""
    assert CleanEmailField().clean("ana@faß.example") == "ana@faß.example"
    assert deliverable("ana@faß.example") == "ana@xn--fa-hia.example"
    assert deliverable("ana@fass.example") == "ana@fass.example"


@pytest.mark.parametrize(
    ("typed", "delivered_to"),
    [
        ("ana@münchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@MÜNCHEN.example", "ana@xn--mnchen-3ya.example"),
        ("ana@mu\u0308nchen.example", "ana@xn--mnchen-3ya.example"),
        ("ana@βόλος.example", "ana@xn--nxasmm1c.example"),
        ("ana@niñez.com.mx", "ana@xn--niez-hqa.com.mx"),
        ("Ana.Perez+crc@Example.com", "Ana.Perez+crc@Example.com"),
        ("ana@xn--fa-hia.example", "ana@xn--fa-hia.example"),
        ("ana@\u200bexample.com", "ana@example.com"),
        ("ana@exam\u200dple.com", "ana@example.com"),
    ],
)
def test_a_domain_of_any_script_is_delivered_to(typed, delivered_to):
    assert deliverable(CleanEmailField().clean(typed)) == delivered_to


@pytest.mark.parametrize("address", ["ana@☃.example", "ana@a‿b.example", "ana@\u0301a.example", "ana@faß" + "ß" * 60])
def test_a_domain_that_cannot_exist_is_refused(address):
    with pytest.raises(ValidationError, match=r"like name@example\.com"):
        CleanEmailField().clean(address)


@pytest.mark.parametrize(("language", "says"), [("en", "has 65 characters"), ("es", "tiene 65 caracteres")])
def test_too_long_a_part_before_the_at_is_refused_with_what_to_do(language, says):
    assert CleanEmailField().clean("x" * 64 + "@example.com")
    with override(language), pytest.raises(ValidationError, match=says):
        CleanEmailField().clean("x" * 65 + "@example.com")


@pytest.mark.parametrize("typed", ["12", "no phone", "000 000 0000", "+1 000", "020 7946 0958", "1" * 300])
def test_a_phone_number_that_cannot_be_one_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="like 619 555 0123"):
        PhoneField().clean(typed)


@pytest.mark.parametrize("typed", ["664 123 4567 / 619 234 0123", "619 234 0123 casa, 664 123 4567 trabajo"])
def test_two_numbers_in_one_field_are_refused_with_what_to_do(typed):
    with pytest.raises(ValidationError, match="one phone number only"):
        PhoneField().clean(typed)


def test_where_no_country_is_asked_a_number_of_two_is_refused_with_both():
    with pytest.raises(ValidationError) as refused:
        PhoneField().clean("951 234 0123")
    assert refused.value.messages == [
        "It fits more than one country. Enter it with the country code: "
        "+1 951-234-0123 (United States) or +52 951 234 0123 (Mexico)"
    ]


def test_what_was_typed_is_shown_again_as_typed_and_what_is_kept_with_spaces():
    for typed in ("+52 1 664 123 4567 casa", "951 234 0123", "hello"):
        assert PhoneField().prepare_value(typed) == typed
    assert PhoneField().prepare_value("+16192340123;ext=5") == "+1 619-234-0123 ext. 5"


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
