import pytest

from screening.checks import check_contact_details


@pytest.mark.parametrize(
    ("is_https", "email", "phone", "is_warned"),
    [
        (True, "", "", True),
        (True, "hello@clinic.example", "", False),
        (True, "", "+52 664 555 0100", False),
        (False, "", "", False),
    ],
)
def test_a_clinic_that_patients_cannot_reach_gets_a_warning_and_starts(settings, is_https, email, phone, is_warned):
    settings.IS_HTTPS, settings.CLINIC_EMAIL, settings.CLINIC_PHONE = is_https, email, phone
    warnings = check_contact_details(None)
    assert bool(warnings) == is_warned
    assert not any(warning.is_serious() for warning in warnings)
