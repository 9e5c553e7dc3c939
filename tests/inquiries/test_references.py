import pytest

from screening.inquiries.references import new_reference, parse_reference


def test_a_reference_can_be_read_aloud():
    made = {new_reference() for _ in range(500)}
    assert len(made) == 500
    for reference in made:
        assert len(reference) == len("CRC-7K2M-4Q")
        assert not set(reference.removeprefix("CRC-")) & set("01OI")


@pytest.mark.parametrize("typed", ["CRC-7K2M-4Q", "crc7k2m4q", " 7k2m-4q ", "CRC 7K2M 4Q"])
def test_it_is_understood_as_people_type_it(typed):
    assert parse_reference(typed) == "CRC-7K2M-4Q"


@pytest.mark.parametrize("typed", ["Ana", "CRC-7K2M-4", "CRC-0K2M-4Q", "", "6195550100"])
def test_other_words_are_no_reference(typed):
    assert parse_reference(typed) is None
