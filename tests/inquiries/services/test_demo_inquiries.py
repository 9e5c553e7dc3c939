"""Demo inquiries equal submitted ones, but are created in bulk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from screening.inquiries import search, services
from screening.management import demo_data
from screening.models import ClosedAs, Consent, Event, Inquiry, Letter, Status
from tests.builders import inquiry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_they_have_all_that_a_real_one_has(staff):
    services.create_demo_inquiries(demo_data.people(0, 30, timezone.now(), [staff]))
    real = inquiry()
    for made in Inquiry.objects.exclude(pk=real.pk):
        assert set(made.answers) >= {"who", "consent", "condition", "infection", "goals"}
        assert set(made.contact) == set(real.contact)
        assert set(made.tokens.values_list("token", flat=True)) == search.index_tokens(made.contact)
        assert Consent.objects.filter(reference=made.reference, given_at=made.received_at).exists()
        assert made.events.filter(kind=Event.Kind.RECEIVED, at=made.received_at).exists()
    assert Inquiry.objects.values("wording").distinct().count() == 1


def test_nothing_of_them_is_mailed_or_overtakes_itself(staff):
    now = timezone.now()
    services.create_demo_inquiries(demo_data.people(0, 200, now, [staff]))
    assert not Letter.objects.unsent().exists()
    assert not Event.objects.filter(at__gt=now).exists()
    for made in Inquiry.objects.all():
        times = [made.received_at, made.first_opened_at, made.first_reply_at]
        happened = [time for time in times if time]
        assert happened == sorted(happened)
        assert bool(made.closed_as) == (made.status == Status.CLOSED)
        assert made.closed_as != ClosedAs.WITHDRAWN


def test_one_in_fifty_bears_a_word_and_the_year_is_filled():
    now = timezone.now()
    services.create_demo_inquiries(demo_data.people(0, 500, now, []))
    for word in demo_data.FIRST_NAMES[:5]:
        assert Inquiry.objects.with_tokens(search.query_tokens(word)).count() == 10
    first, last = (Inquiry.objects.order_by(order).first().received_at for order in ("received_at", "-received_at"))
    assert timedelta(days=300) < last - first < timedelta(days=350)


def test_the_same_number_is_the_same_person_every_time():
    now = timezone.now()
    assert list(demo_data.people(7, 3, now, [])) == list(demo_data.people(0, 10, now, []))[7:]
