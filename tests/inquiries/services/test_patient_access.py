from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from screening.inquiries import services
from screening.models import Letter, PatientAccess
from screening.outbox.letters import build_message
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_has_six_digits_differs_each_time_and_is_stored_nowhere():
    made = inquiry()
    codes = {services.access_code(services.request_code(made.pk)) for _time in range(3)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) == 3
    stored = [
        str(value) for row in [*PatientAccess.objects.values(), *Letter.objects.values()] for value in row.values()
    ]
    assert not any(code in stored for code in codes)


def test_each_mail_has_the_code_of_its_own_access_and_nothing_about_health():
    made = inquiry(anything_else="my own words")
    for access in (services.request_code(made.pk), services.request_code(made.pk)):
        mail = build_message(Letter.objects.get(pk=access.pk))
        assert mail.to == ["ana@example.com"]
        assert services.access_code(access) in mail.body
        assert services.access_code(access) not in mail.subject
        assert "/candidacy/inquiry/" in mail.body
        assert not any(word in mail.body.lower() for word in ("arthritis", "my own words", "cells"))


def test_a_mail_that_is_sent_after_its_access_has_ended_holds_no_code():
    access = services.request_code(inquiry().pk)
    services.end_access(access.pk)
    mail = build_message(Letter.objects.get(pk=access.pk))
    assert services.access_code(access) not in mail.body
    assert "Your code" not in mail.body
    assert "/candidacy/inquiry/" in mail.body


def test_the_right_code_opens_once():
    access = services.request_code(inquiry().pk)
    assert services.open_access(access, services.access_code(access))
    assert services.find_access(access.pk).is_open
    assert not services.open_access(access, services.access_code(access))


def test_a_code_of_another_access_opens_nothing():
    made = inquiry()
    access, other = services.request_code(made.pk), services.request_code(made.pk)
    if services.access_code(access) != services.access_code(other):
        assert not services.open_access(access, services.access_code(other))


def test_after_five_wrong_tries_the_right_code_opens_nothing():
    access = services.request_code(inquiry().pk)
    code = services.access_code(access)
    for _try in range(5):
        assert not services.open_access(access, other_than(code))
    assert not services.open_access(access, code)
    assert not services.find_access(access.pk).is_pending


def test_wrong_tries_of_one_browser_leave_the_code_of_another_alone():
    made = inquiry()
    guesser, patient = services.request_code(made.pk), services.request_code(made.pk)
    for _try in range(9):
        services.open_access(guesser, other_than(services.access_code(guesser)))
    assert services.open_access(patient, services.access_code(patient))


def test_a_code_ends_after_fifteen_minutes():
    access = services.request_code(inquiry().pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert not services.open_access(access, services.access_code(access))
        assert not access.is_pending


def test_at_most_three_codes_an_hour():
    made = inquiry()
    for _time in range(3):
        assert services.request_code(made.pk)
    with pytest.raises(services.TooManyCodes):
        services.request_code(made.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert services.request_code(made.pk)


def test_without_an_address_or_after_a_withdrawal_no_code_is_sent():
    by_phone, withdrawn = inquiry(email="", channel="phone"), inquiry()
    services.withdraw(withdrawn.pk)
    assert services.request_code(by_phone.pk) is None
    assert services.request_code(withdrawn.pk) is None
    assert not Letter.objects.filter(name="code").exists()


def test_an_ended_session_opens_nothing_and_keeps_no_text():
    access = services.request_code(inquiry().pk)
    services.open_access(access, services.access_code(access))
    services.save_rejected_input(access, {"text": "half a thought", "problem": "invalid"})
    services.end_access(access.pk)
    assert services.find_access(access.pk) is None
    assert PatientAccess.objects.get().rejected_input is None


def test_what_was_typed_too_late_moves_to_the_next_access_of_the_browser():
    made, other = inquiry(), inquiry(email="luis@example.com")
    first = services.request_code(made.pk)
    services.save_rejected_input(first, {"text": "half a thought", "problem": "timed-out"})
    assert services.request_code(other.pk, first.pk).rejected_input is None
    second = services.request_code(made.pk, first.pk)
    assert second.rejected_input["text"] == "half a thought"
    assert services.find_access(first.pk) is None


def test_after_a_day_nothing_of_an_access_is_left():
    services.request_code(inquiry().pk)
    assert services.delete_expired_accesses() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert services.delete_expired_accesses() == 1
