import pytest

from screening.inquiries.greeting import first_name


@pytest.mark.parametrize(
    ("written", "greeted"),
    [
        ("de la O, María", "María"),
        ("Pérez Núñez, José Ángel", "José"),
        ("O'Brien, Mary", "Mary"),
        ("Smith, Jr., John", "John"),
        ("Pérez, Dra. María", "María"),
        ("John Smith, Jr.", "John"),
        ("María Pérez, MD", "María"),
        ("María Pérez, Dra.", "María"),
        ("Dra. María", "María"),
        ("DRA María Pérez", "María"),
        ("Dr. Juan Ramírez", "Juan"),
        ("Sra. María de la O", "María"),
        ("Lic. Ana Ríos", "Ana"),
        ("Mr. John Smith", "John"),
        ("María José", "María"),
        ("María de los Ángeles Pérez", "María"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("D’Angelo Russell", "D’Angelo"),
        ("O'Brien", "O'Brien"),
        ("Ana", "Ana"),
        ("José Ángel Núñez", "José"),
        ("مریم رضایی", "مریم"),
        ("李 小龍", ""),
        ("李小龍", "李小龍"),
    ],
)
def test_a_given_name_that_is_plain_to_see_is_greeted(written, greeted):
    assert first_name(written) == greeted


@pytest.mark.parametrize(
    "written",
    [
        "de la O María",
        "De La Cruz",
        "Von Trapp",
        "San Juana Ríos",
        "Mrs. Smith",
        "Mr Smith",
        "Dr. Ramírez",
        "Ramírez, Dr.",
        "Sra. López",
        "Srta. de la O",
        "Don José",
        "Ma. Elena Ríos",
        "Ma Elena Ríos",
        "M. José",
        "J Smith",
        "María, hija de Ana",
        "Dra.",
        ",",
        " , ",
        "evil.example",
        "http://evil.example",
        "María2",
    ],
)
def test_in_doubt_nobody_is_greeted_by_half_a_name(written):
    assert first_name(written) == ""
