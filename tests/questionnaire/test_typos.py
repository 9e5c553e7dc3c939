import pytest

from screening.questionnaire.typos import meant_perhaps


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"),
        ("GMAI.com", "gmail.com"),
        ("gmail.con", "gmail.com"),
        ("hotmal.com", "hotmail.com"),
        ("yaho.com.mx", "yahoo.com.mx"),
        ("outlok.com", "outlook.com"),
        ("iclod.com", "icloud.com"),
        ("prodigy.net.m", "prodigy.net.mx"),
    ],
)
def test_a_slip_in_a_common_domain_is_seen(domain, meant):
    assert meant_perhaps(f"ana.p@{domain}") == f"ana.p@{meant}"


@pytest.mark.parametrize(
    "address",
    ["", "ana@gmail.com", "ana@Hotmail.com", "ana@mail.com", "ana@ymail.com", "ana@clinic.example", "ana@uabc.edu.mx"],
)
def test_a_common_or_a_different_domain_is_left_alone(address):
    assert meant_perhaps(address) == ""
