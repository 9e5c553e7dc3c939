from datetime import timedelta

import pytest
from django.utils import timezone

from screening.inquiries import services
from screening.inquiries.services import retention
from screening.models import Consent, Event, Inquiry, LedgerEntry, Letter
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


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
