import phonenumbers
import pytest
from django.utils.translation import override

from screening.questionnaire.phones import (
    SeveralNumbers,
    country_of,
    digits_in,
    numbers_meant,
    region_of,
    spoken,
    with_country,
)

TIJUANA, SAN_DIEGO = "+526641234567", "+16192340123"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        # Mexican, with prefixes dialled until 2019
        ("044 664 123 4567", TIJUANA),
        ("01 (664) 123-4567", TIJUANA),
        ("(044) 664 123 4567", TIJUANA),
        ("045 1 664 123 4567", TIJUANA),
        ("01 664 123 4567", TIJUANA),
        ("(+52) 1 664 123 4567", TIJUANA),
        ("(+521) 664 123 4567", TIJUANA),
        ("+52 (1) 664 123 4567", TIJUANA),
        ("+52 1 664 123 4567", TIJUANA),
        ("+52 044 664 123 4567", TIJUANA),
        ("+52 (01) 664 123 4567", TIJUANA),
        ("52 1 664 123 4567", TIJUANA),
        ("52 664 123 4567", TIJUANA),
        ("5216641234567", TIJUANA),
        ("1 664 123 4567", TIJUANA),
        ("664 123 4567", TIJUANA),
        ("664.123.4567", TIJUANA),
        ("664/123/4567", TIJUANA),
        ("(664)1234567", TIJUANA),
        ("66 41 23 45 67", TIJUANA),
        ("00 52 664 123 4567", TIJUANA),
        ("011 52 664 123 4567", TIJUANA),
        ("011 521 664 123 4567", TIJUANA),
        ("+011 52 664 123 4567", TIJUANA),
        ("01 52 664 123 4567", TIJUANA),
        ("+52 800 123 4567", "+528001234567"),
        ("664 491 2345", "+526644912345"),  # also a valid number of Montserrat
        # Characters inserted by phones and word processors
        ("664\u2011123\u20114567", TIJUANA),
        ("664\u2013123\u20134567", TIJUANA),
        ("664\u00a0123\u202f4567", TIJUANA),
        ("\u202a+52 664 123 4567\u202c", TIJUANA),
        ("６６４－１２３－４５６７", TIJUANA),
        ("٦٦٤ ١٢٣ ٤٥٦٧", TIJUANA),
        ("＋49 30 901820", "+4930901820"),
        ("tel:+526641234567", TIJUANA),
        ("https://wa.me/5216641234567", TIJUANA),
        ("https://api.whatsapp.com/send?phone=16192340123", SAN_DIEGO),
        ("WhatsApp +52 1 664 123 4567", TIJUANA),
        # North America
        ("(619) 234-0123", SAN_DIEGO),
        ("619.234.0123", SAN_DIEGO),
        ("1 619 234 0123", SAN_DIEGO),
        ("1-619-234-0123", SAN_DIEGO),
        ("+1 (619) 234-0123", SAN_DIEGO),
        ("001 619 234 0123", SAN_DIEGO),
        ("619, 234, 0123", SAN_DIEGO),
        ("619 555 0123", "+16195550123"),
        ("1 951 234 0123", "+19512340123"),
        ("+1 416 234 5678", "+14162345678"),
        ("416 234 5678", "+14162345678"),
        ("+1 876 234 5678", "+18762345678"),
        ("787 234 5678", "+17872345678"),
        ("+1 800 555 0100", "+18005550100"),
        ("1-800-FLOWERS", "+18003569377"),
        # Elsewhere
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("44 20 7946 0958", "+442079460958"),
        ("+44 (0) 7911 123456", "+447911123456"),
        ("+49 (0)30/901820", "+4930901820"),
        ("0049 151 12345678", "+4915112345678"),
        ("wa.me/4915112345678", "+4915112345678"),
        ("+39 06 698 12345", "+390669812345"),
        ("+800 1234 5678", "+80012345678"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_is_understood_as_people_write_it_on_a_page_of_any_language(language, typed, stored):
    with override(language):
        assert numbers_meant(typed) == [stored]


@pytest.mark.parametrize(
    "typed",
    [
        "619 234 0123 ext. 5",
        "619 234 0123 ext 5",
        "619 234 0123 Ext.5",
        "619 234 0123 EXT: 5",
        "(619) 234-0123 (ext. 5)",
        "619 234 0123 extension 5",
        "619 234 0123 extensión 5",
        "619 234 0123 extensio\u0301n 5",
        "619 234 0123, ext 5",
        "619 234 0123 x5",
        "619-234-0123x5",
        "619 234 0123 x 5",
        "619 234 0123,5",
        "619 234 0123,,5",
        "619 234 0123;5",
        "619 234 0123#5",
        "619 234 0123 #5",
        "619 234 0123 poste 5",
        "619 234 0123 interno 5",
        "619 234 0123 int. 5",
        "619 234 0123 anexo 5",
        "+1 619 234 0123 ext. 5 oficina",
        "tel:+16192340123;ext=5",
        "+1 619-234-0123 ext. 5",
    ],
)
def test_an_extension_is_kept(typed):
    assert numbers_meant(typed) == [f"{SAN_DIEGO};ext=5"]


@pytest.mark.parametrize(
    "typed",
    [
        "664 123 4567 cell",
        "664 123 4567 casa",
        "664 123 4567 mi hija",
        "664 123 4567 (mi hija María, 25 años)",
        "664 123 4567, casa",
        "664 123 4567 x favor",
        "664 123 4567 extranjero",
        "664 123 4567.",
        "casa: 664 123 4567",
        "Cel. 664 123 4567",
        "mi número es el 664 123 4567",
        "📱664 123 4567",
    ],
)
def test_words_beside_a_number_do_not_refuse_it(typed):
    assert numbers_meant(typed) == [TIJUANA]


@pytest.mark.parametrize(
    ("typed", "countries"),
    [
        ("951 234 0123", ["US", "MX"]),
        ("646 234 0123", ["US", "MX"]),
        ("(951) 234-0123 cell", ["US", "MX"]),
        ("55 1234 5678", ["US", "MX"]),
        ("800 234 5678", ["US", "MX"]),
        ("639 234 5678", ["CA", "MX"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_number_of_two_countries_means_both_whatever_the_pages_language(language, typed, countries):
    with override(language):
        assert [region_of(number) for number in numbers_meant(typed)] == countries


def test_an_extension_goes_with_each_of_two_countries():
    assert numbers_meant("951 234 0123 x12") == ["+19512340123;ext=12", "+529512340123;ext=12"]


@pytest.mark.parametrize("typed", ["", "12", "123-4567", "+", "no phone", "000 000 0000", "+1 000", "020 7946 0958"])
def test_what_is_no_number_means_none(typed):
    assert numbers_meant(typed) == []


@pytest.mark.parametrize(
    "typed", ["664 123 4567 / 619 234 0123", "664 123 4567 o 619 234 0123", "619 234 0123 x5, 664 123 4567"]
)
def test_several_numbers_are_never_taken_for_one(typed):
    with pytest.raises(SeveralNumbers):
        numbers_meant(typed)
    assert digits_in(typed) == ""


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_what_is_shown_of_any_countrys_number_is_understood_again(region):
    number = phonenumbers.format_number(phonenumbers.example_number(region), phonenumbers.PhoneNumberFormat.E164)
    for stored in (number, f"{number};ext=42"):
        assert numbers_meant(spoken(stored)) == numbers_meant(with_country(stored)) == [stored]


@pytest.mark.parametrize(
    ("stored", "english", "spanish"),
    [
        (TIJUANA, "+52 664 123 4567 (Mexico)", "+52 664 123 4567 (México)"),
        (SAN_DIEGO, "+1 619-234-0123 (United States)", "+1 619-234-0123 (Estados Unidos)"),
        (f"{SAN_DIEGO};ext=5", "+1 619-234-0123 ext. 5 (United States)", "+1 619-234-0123 ext. 5 (Estados Unidos)"),
        ("+14162345678", "+1 416-234-5678 (Canada)", "+1 416-234-5678 (Canadá)"),
        ("+442079460958", "+44 20 7946 0958 (United Kingdom)", "+44 20 7946 0958 (Reino Unido)"),
        ("+4930901820", "+49 30 901820 (Germany)", "+49 30 901820 (Alemania)"),
        ("+80012345678", "+800 1234 5678", "+800 1234 5678"),
        ("of another time", "of another time", "of another time"),
    ],
)
def test_a_number_is_shown_with_spaces_and_its_country_in_the_pages_language(stored, english, spanish):
    for language, shown in (("en", english), ("es", spanish)):
        with override(language):
            assert with_country(stored) == shown


def test_what_is_no_number_has_no_country():
    assert country_of("hello") == region_of("hello") == ""
