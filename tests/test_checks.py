import pytest

from screening.checks import check_contact_details


@pytest.mark.parametrize(
    ("is_https", "email", "phone", "is_told"),
    [
        (True, "", "", True),
        (True, "hello@clinic.example", "", False),
        (True, "", "+52 664 555 0100", False),
        (False, "", "", False),
    ],
)
def test_a_clinic_that_patients_cannot_reach_is_told_and_starts_all_the_same(settings, is_https, email, phone, is_told):
    settings.IS_HTTPS, settings.CLINIC_EMAIL, settings.CLINIC_PHONE = is_https, email, phone
    told = check_contact_details(None)
    assert bool(told) == is_told
    assert not any(warning.is_serious() for warning in told)
