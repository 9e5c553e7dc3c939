import os
import signal
import socket
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from screening.models import Event, Letter
from screening.outbox import delivery
from screening.outbox.delivery import lease_letter
from screening.worker import process
from screening.worker.process import Worker
from tests.builders import inquiry
from tests.outbox.smtp import smtp_server

pytestmark = pytest.mark.django_db


def send_all() -> int:
    runner, count = Worker(), 0
    while runner.send_next():
        count += 1
    return count


def test_a_real_server_gets_both_letters_once(settings):
    made = inquiry()
    with smtp_server(settings) as postman:
        assert send_all() == 2
        assert send_all() == 0
    assert sorted(mail.rcpt_tos[0] for mail in postman.mails) == ["ana@example.com", "staff@clinic.example"]
    assert Letter.objects.unsent().count() == 0
    assert made.events.filter(kind=Event.Kind.LETTER_SENT).count() == 2


REFUSALS = [
    {"answer": "550 no such user"},
    {"data_answer": "554 looks like spam"},
]


@pytest.mark.slow
@pytest.mark.parametrize("replies", REFUSALS, ids=["recipient", "content"])
def test_a_letter_that_is_refused_for_good_is_given_up_within_an_hour(settings, replies):
    made, now, tries = inquiry(email="", channel="phone"), timezone.now(), 0
    with smtp_server(settings, **replies), time_machine.travel(now, tick=False) as clock:
        while not Letter.objects.get().gave_up_at:
            tries += send_all()
            clock.shift(timedelta(minutes=1))
        assert timezone.now() - now < timedelta(hours=1)
    assert tries == 4
    assert Letter.objects.failed().exists()
    assert made.events.filter(kind=Event.Kind.LETTER_FAILED).exists()


def test_a_letter_that_is_refused_for_now_is_tried_for_hours(settings):
    inquiry(email="", channel="phone")
    Letter.objects.update(owed_at=timezone.now() - timedelta(hours=71))
    for replies in ({"answer": "451 try later"}, {"data_answer": "452 too many"}):
        Letter.objects.update(next_try_at=timezone.now())
        with smtp_server(settings, **replies):
            assert send_all() == 1
    assert Letter.objects.get().gave_up_at is None


def test_a_refused_sign_in_pauses_all_letters_as_one(settings, monkeypatch):
    inquiry()
    worker = Worker()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "clinic", "canary"
    with smtp_server(settings) as postman:
        assert worker.send_next()
        tried = postman.sign_ins  # once for each mechanism
        assert not any(worker.send_next() for _look in range(5))
        assert postman.sign_ins == tried
    for letter in Letter.objects.all():
        assert (letter.tries, letter.leased_until, letter.gave_up_at) == (0, None, None)
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    monkeypatch.setattr(worker, "_next_letter", time.monotonic())
    with smtp_server(settings) as postman:
        assert worker.send_next()
        assert worker.send_next()
        assert len(postman.mails) == 2


@pytest.mark.parametrize("answer", ["451 try later", "550 no such user"])
def test_a_refused_letter_is_tried_again_later(settings, answer):
    inquiry()
    with smtp_server(settings, answer):
        send_all()
    for letter in Letter.objects.all():
        assert letter.sent_at is None
        assert letter.tries == 1
        assert letter.leased_until is None
        assert letter.next_try_at > timezone.now()
    Letter.objects.update(next_try_at=timezone.now())
    with smtp_server(settings) as postman:
        send_all()
    assert len(postman.mails) == 2


def test_a_refusal_does_not_log_the_address(settings, caplog, capsys):
    inquiry(email="canary@example.com")
    with smtp_server(settings, "550 no such user canary@example.com"):
        send_all()
    from crc_site.observability.logs import JsonLine

    lines = [JsonLine().format(record) for record in caplog.records if record.name.startswith("crc")]
    assert any("SMTPRecipientsRefused" in line for line in lines)
    assert not any("canary" in line for line in lines)


def test_a_server_that_is_down_or_hangs_only_delays(settings, monkeypatch):
    inquiry()
    monkeypatch.setattr(delivery, "MESSAGE_LIMIT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        send_all()
    send_all()
    assert Letter.objects.unsent().count() == 2


def test_two_workers_never_hold_one_letter():
    inquiry()
    leased = [lease_letter(), lease_letter(), lease_letter()]
    assert leased[2] is None
    assert leased[0] != leased[1]


def test_a_dead_workers_letter_is_taken_up_when_its_lease_is_over(mailbox):
    inquiry()
    lease_letter(), lease_letter()
    assert send_all() == 0
    Letter.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert send_all() == 2


def test_a_letter_of_a_leap_of_the_clock_is_sent_when_the_clock_is_right_again(mailbox):
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        inquiry()
        lease_letter()
    assert send_all() == 2


def test_after_three_days_staff_see_that_a_letter_failed(settings):
    made = inquiry(email="", channel="phone")
    Letter.objects.update(owed_at=timezone.now() - timedelta(hours=73))
    with smtp_server(settings, "451 try later"):
        send_all()
    assert Letter.objects.get().gave_up_at
    assert made.events.filter(kind=Event.Kind.LETTER_FAILED).exists()


@pytest.mark.parametrize("when", ["while it sends", "before it sends"])
def test_a_worker_that_is_told_to_stop_ends_a_hanging_message_soon(settings, monkeypatch, when):
    inquiry()
    monkeypatch.setattr(process, "STOPPING_GRACE", 0.2)
    runner = Worker()
    if when == "before it sends":
        runner.stopping.set()
    else:
        signal.signal(signal.SIGUSR1, runner._stop)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        assert runner.send_next()  # returns although the server never answers
    assert Letter.objects.filter(tries=1, sent_at=None, leased_until=None).exists()
