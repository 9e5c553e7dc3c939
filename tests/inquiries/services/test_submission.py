import threading

import pytest
from django.db import IntegrityError, connection, transaction

from screening.inquiries import business_days, services
from screening.inquiries.services import submission
from screening.models import Consent, Draft, Event, Inquiry, Letter, Status, WordingVersion
from tests.builders import draft, inquiry

pytestmark = pytest.mark.django_db


def test_submit_writes_everything_at_once_and_deletes_the_draft():
    made = inquiry("both")
    assert made.status == Status.NEW
    assert made.contact["email"] == "ana@example.com"
    assert "email" not in made.answers
    assert not Draft.objects.exists()
    consent = Consent.objects.get()
    assert (consent.reference, consent.language) == (made.reference, "en")
    assert sorted(Letter.objects.values_list("name", flat=True)) == ["new-inquiry", "received"]
    assert [event.kind for event in made.events.all()] == [Event.Kind.RECEIVED]


def test_without_an_email_address_only_staff_get_a_letter():
    inquiry(email="", channel="phone")
    assert list(Letter.objects.values_list("name", flat=True)) == ["new-inquiry"]


def test_submitting_again_gives_the_same_inquiry():
    saved = draft()
    first, second = services.submit(saved.pk, "en"), services.submit(saved.pk, "en")
    assert first == second
    assert (Inquiry.objects.count(), Letter.objects.count()) == (1, 2)


def test_an_unfinished_draft_is_not_submitted():
    saved = draft(goals=None)
    with pytest.raises(services.IncompleteDraft):
        services.submit(saved.pk, "en")
    assert Draft.objects.filter(pk=saved.pk).exists()


def test_a_lost_draft_makes_no_inquiry():
    saved = draft()
    Draft.objects.all().delete()
    assert services.submit(saved.pk, "en") is None
    assert not Inquiry.objects.exists()


def test_the_database_refuses_a_second_inquiry_of_one_draft():
    made = inquiry()
    with pytest.raises(IntegrityError, match="draft_id"), transaction.atomic():
        Inquiry.objects.create(
            draft_id=made.draft_id,
            reference="CRC-XXXX-XX",
            reply_due_at=made.reply_due_at,
            language="en",
            wording=made.wording,
            answers={},
            contact={},
        )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_one_moment_make_one_inquiry_and_one_pair_of_letters():
    saved, barrier, found = draft(), threading.Barrier(20), []

    def click():
        barrier.wait()
        try:
            found.append(services.submit(saved.pk, "en"))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len({made.reference for made in found}) == 1
    assert (Inquiry.objects.count(), Letter.objects.count(), Consent.objects.count()) == (1, 2, 1)


def test_the_wording_is_stored_once_for_many_inquiries():
    inquiry("ra")
    inquiry("oa")
    assert WordingVersion.objects.count() == 1


def test_the_promise_is_stored_with_the_inquiry(settings):
    made = inquiry()
    due = business_days.reply_due(made.received_at)
    settings.REPLY_WITHIN_DAYS = 10
    made.refresh_from_db()
    assert made.reply_due_at == due
    assert inquiry().reply_due_at > due


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    taken = inquiry().reference
    saved = draft()
    drawn = iter([taken, "CRC-2222-22"])
    monkeypatch.setattr(submission, "new_reference", lambda: next(drawn))
    assert services.submit(saved.pk, "en").reference == "CRC-2222-22"
    assert (Inquiry.objects.count(), Letter.objects.count()) == (2, 4)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_exchanged_under_the_running_site_gets_its_wording_too():
    services.submit(draft().pk, "en")
    Inquiry.objects.all().delete()
    Consent.objects.all().delete()
    WordingVersion.objects.all().delete()
    assert services.submit(draft().pk, "en").wording.content
