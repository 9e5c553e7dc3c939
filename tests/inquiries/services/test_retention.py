from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from screening.inquiries import services
from screening.inquiries.services import retention
from screening.models import Consent, Event, Inquiry, LedgerEntry, Letter
from screening.outbox.letters import build_message
from screening.worker import scheduler
from tests.builders import inquiry

pytestmark = [
    pytest.mark.django_db(transaction=True),  # VACUUM FULL cannot run in a transaction
    pytest.mark.slow,
]


def test_after_its_time_an_inquiry_is_erased_and_the_proof_of_consent_stays(settings):
    remaining, gone = inquiry(), inquiry()
    Inquiry.objects.filter(pk=gone.pk).update(
        received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS, minutes=1), status="waiting"
    )
    assert services.purge() == 1
    assert list(Inquiry.objects.all()) == [remaining]
    assert not Event.objects.filter(inquiry_id=gone.pk).exists()
    assert Consent.objects.filter(reference=gone.reference).exists()


def test_the_time_of_keeping_begins_anew_with_each_contact(settings, staff):
    now, long_ago = timezone.now(), timezone.now() - timedelta(days=settings.RETENTION_DAYS, minutes=1)
    talked_lately, talked_long_ago = inquiry(), inquiry()
    Inquiry.objects.update(received_at=long_ago - timedelta(days=9))
    Inquiry.objects.filter(pk=talked_lately.pk).update(last_contact_at=now)
    Inquiry.objects.filter(pk=talked_long_ago.pk).update(last_contact_at=long_ago)
    assert services.purge() == 1
    assert list(Inquiry.objects.all()) == [talked_lately]


def test_old_letters_about_no_inquiry_are_erased_too():
    digest = Letter.objects.create(name="digest")
    Letter.objects.create(name="digest", owed_at=timezone.now() - timedelta(days=31))
    services.purge()
    assert list(Letter.objects.all()) == [digest]


def test_more_than_one_batch_is_purged_at_once(settings, monkeypatch):
    monkeypatch.setattr(retention, "_BATCH", 2)
    for _number in range(5):
        inquiry()
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS, minutes=1))
    assert services.purge() == 5
    assert LedgerEntry.objects.filter(what="purged").count() == 5


@pytest.fixture
def many(monkeypatch) -> None:
    """Three inquiries, which count as many."""
    monkeypatch.setattr(retention, "_FEW", 2)
    for days in (10, 20, 30):
        Inquiry.objects.filter(pk=inquiry().pk).update(received_at=timezone.now() - timedelta(days=days))


def test_a_retention_lowered_by_a_slip_erases_nothing_until_a_person_says_so(settings, many):
    scheduler.run_due()
    settings.RETENTION_DAYS = 3
    with time_machine.travel(timezone.now() + scheduler.LEASE):
        scheduler.run_due()
    assert Inquiry.objects.count() == 3
    with pytest.raises(CommandError, match=r"^3 of 3 inquiries would be erased at once: .*run `purge --really`\.$"):
        call_command("purge", stdout=StringIO())
    assert Inquiry.objects.count() == 3
    assert not LedgerEntry.objects.exists()
    out = StringIO()
    call_command("purge", "--really", stdout=out)
    assert "inquiries purged: 3" in out.getvalue()
    assert not Inquiry.objects.exists()


def test_a_quarter_at_once_is_usual(settings, many):
    for _number in range(9):
        inquiry()
    settings.RETENTION_DAYS = 3
    assert services.purge() == 3


# At noon: staff get one such letter a day, and the lease would end on the next one.
@time_machine.travel("2026-06-03T12:00:00-07:00")
def test_a_clock_that_is_ahead_erases_nothing_however_few_they_are():
    inquiry()
    scheduler.run_due()
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=400)) as clock:
        scheduler.run_due()
        clock.shift(scheduler.LEASE + timedelta(seconds=1))
        scheduler.run_due()
        with pytest.raises(services.PurgeStopped, match=r"^The last purge was due 400 days ago: is the clock right\?"):
            services.purge()
        assert Letter.objects.filter(name="purge-stopped").count() == 1
    assert Inquiry.objects.count() == 1
    with time_machine.travel(now + timedelta(minutes=20)):  # right again
        scheduler.run_due()
        assert services.purge() == 0


def test_after_a_persons_word_the_worker_goes_on(settings, many):
    scheduler.run_due()
    with time_machine.travel(timezone.now() + timedelta(days=400)) as clock:
        scheduler.run_due()
        services.purge(really=True)
        clock.shift(scheduler.LEASE + timedelta(seconds=1))
        scheduler.run_due()
        Inquiry.objects.filter(pk=inquiry().pk).update(received_at=timezone.now() - timedelta(days=366))
        clock.shift(timedelta(minutes=6))
        scheduler.run_due()
        assert not Inquiry.objects.exists()


def test_staff_are_told_once_a_day_and_what_the_setting_is(settings, many):
    settings.RETENTION_DAYS = 3
    scheduler.run_due()
    (letter,) = Letter.objects.filter(name="purge-stopped")
    mail = build_message(letter)
    assert mail.to == settings.STAFF_NOTIFY_TO
    assert "kept for 3 days" in mail.body


@pytest.mark.parametrize(
    ("days_left", "is_expiring"), [(-1, True), (1, True), (6, True), (8, False), (300, False)], ids=str
)
def test_staff_are_told_a_week_before(settings, days_left, is_expiring):
    made = inquiry()
    age = timedelta(days=settings.RETENTION_DAYS - days_left)
    Inquiry.objects.update(received_at=timezone.now() - age)
    assert (made in Inquiry.objects.expiring(timezone.now())) == is_expiring


def test_what_was_contacted_held_or_withdrawn_is_not_listed(settings, staff):
    contacted, on_hold, withdrawn, expiring = (inquiry() for _ in range(4))
    Inquiry.objects.update(received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS - 1))
    services.log_call(contacted, "", staff)
    services.place_hold(on_hold, "a dispute", staff)
    services.withdraw(withdrawn.pk)
    assert list(Inquiry.objects.expiring(timezone.now())) == [expiring]
