import pytest
from django.utils.translation import override

from content import opening_hours

HOURS = ["Mo-Fr 09:00-17:30", "Sa 09:00-13:00"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Monday to Friday, 9 a.m. to 5:30 p.m.; Saturday, 9 a.m. to 1 p.m."),
        ("es", "de lunes a viernes, de 09:00 a 17:30; sábado, de 09:00 a 13:00"),
    ],
)
def test_the_hours_are_said_in_the_words_of_the_language(language, words):
    with override(language):
        assert opening_hours.in_words(HOURS) == words


def test_without_hours_nothing_is_said():
    assert opening_hours.in_words([]) == ""
