from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from screening.inquiries import services
from screening.models import Inquiry, Letter, PatientAccess
from screening.outbox.letters import build_message
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def pending_code(made: Inquiry) -> str:
    return services.access_code(services.pending_access(made))


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_has_six_digits_differs_each_time_and_is_stored_nowhere():
    made = inquiry()
    codes = set()
    for _time in range(3):
        services.request_code(made.pk)
        codes.add(pending_code(made))
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) == 3
    stored = [str(value) for row in PatientAccess.objects.values() for value in row.values()]
    assert not any(code in stored for code in codes)


def test_the_mail_has_the_code_and_the_link_and_nothing_about_health():
    made = inquiry(anything_else="my own words")
    services.request_code(made.pk)
    mail = build_message(Letter.objects.get(name="code"))
    assert mail.to == ["ana@example.com"]
    assert pending_code(made) in mail.body
    assert pending_code(made) not in mail.subject
    assert "/candidacy/inquiry/" in mail.body
    assert not any(word in mail.body.lower() for word in ("arthritis", "my own words", "cells"))


def test_the_right_code_opens_once():
    made = inquiry()
    services.request_code(made.pk)
    code = pending_code(made)
    access = services.open_access(made, code)
    assert services.find_access(access.pk) == access
    assert services.open_access(made, code) is None


def test_a_code_of_another_inquiry_opens_nothing():
    made, other = inquiry(), inquiry(email="luis@example.com")
    services.request_code(made.pk)
    services.request_code(other.pk)
    if pending_code(made) != pending_code(other):
        assert services.open_access(made, pending_code(other)) is None


def test_after_five_wrong_tries_the_right_code_opens_nothing():
    made = inquiry()
    services.request_code(made.pk)
    code = pending_code(made)
    for _try in range(5):
        assert services.open_access(made, other_than(code)) is None
    assert services.open_access(made, code) is None
    assert services.pending_access(made) is None
    services.request_code(made.pk)
    assert services.open_access(made, pending_code(made))


def test_a_code_ends_after_fifteen_minutes():
    made = inquiry()
    services.request_code(made.pk)
    code = pending_code(made)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert services.open_access(made, code) is None


def test_a_new_code_ends_the_one_before_and_takes_its_mail_back():
    made = inquiry()
    services.request_code(made.pk)
    first = pending_code(made)
    services.request_code(made.pk)
    if pending_code(made) != first:
        assert services.open_access(made, first) is None
    assert Letter.objects.filter(name="code").count() == 1


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
    assert not services.request_code(by_phone.pk)
    assert not services.request_code(withdrawn.pk)
    assert not Letter.objects.filter(name="code").exists()


def test_an_ended_session_opens_nothing_and_keeps_no_text():
    made = inquiry()
    services.request_code(made.pk)
    access = services.open_access(made, pending_code(made))
    services.save_rejected_input(access, {"text": "half a thought", "problem": "invalid"})
    services.end_access(access.pk)
    assert services.find_access(access.pk) is None
    assert PatientAccess.objects.get().rejected_input is None


def test_what_was_typed_too_late_moves_to_the_next_session():
    made = inquiry()
    services.request_code(made.pk)
    first = services.open_access(made, pending_code(made))
    services.save_rejected_input(first, {"text": "half a thought", "problem": "timed-out"})
    services.request_code(made.pk)
    second = services.open_access(made, pending_code(made), first)
    assert second.rejected_input["text"] == "half a thought"
    assert services.find_access(first.pk) is None


def test_after_a_day_nothing_of_an_access_is_left():
    made = inquiry()
    services.request_code(made.pk)
    assert services.delete_expired_accesses() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert services.delete_expired_accesses() == 1
