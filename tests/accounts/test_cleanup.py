from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening.accounts.cleanup import delete_expired
from screening.accounts.models import LINK_LIFETIME, Enrolment
from tests.accounts.people import enrolled, member, signed_in, try_to_sign_in

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_erased_and_others_go_on(settings):
    staying, gone = signed_in(member("Reader")), signed_in(member("Manager"))
    Session.objects.filter(pk=gone.session.session_key).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert delete_expired(timezone.now())["ended sessions erased"] == 1
    assert staying.get(reverse("admin:index")).status_code == 200


def test_counted_failures_are_erased_when_their_pause_would_be_over(settings):
    enrolled(name="nurse")
    try_to_sign_in(Client(), "nurse", password="wrong")
    now = timezone.now()
    assert delete_expired(now)["failed sign-ins erased"] == 0
    assert AccessAttempt.objects.exists()
    delete_expired(now + settings.AXES_COOLOFF_TIME + timedelta(seconds=9))
    assert not AccessAttempt.objects.exists()


def test_unused_links_are_erased_with_their_secrets():
    old, new = member("Reader", "old"), member("Reader", "new")
    for person in (old, new):
        Enrolment.objects.create(member=person)
    Enrolment.objects.filter(member=old).update(made_at=timezone.now() - LINK_LIFETIME)
    assert delete_expired(timezone.now())["unused links erased"] == 1
    assert Enrolment.objects.get().member_id == new.pk
