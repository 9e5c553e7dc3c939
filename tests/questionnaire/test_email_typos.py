import pytest

from screening.questionnaire.email_typos import suggested_address


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
    assert suggested_address(f"ana.p@{domain}") == f"ana.p@{meant}"


@pytest.mark.parametrize(
    "address",
    ["", "ana@gmail.com", "ana@Hotmail.com", "ana@mail.com", "ana@ymail.com", "ana@clinic.example", "ana@uabc.edu.mx"],
)
def test_a_common_or_a_different_domain_is_left_alone(address):
    assert suggested_address(address) == ""
