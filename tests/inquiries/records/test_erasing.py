from datetime import timedelta

import pytest
from django.utils import timezone

from screening.inquiries import records
from screening.models import ClosedAs, Consent, Event, IndexToken, Inquiry, Letter, Mark, Note, Status
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_withdrawing_erases_all_but_reference_dates_and_proof(staff):
    made = inquiry()
    records.mark(made, "oa-imaging", "ask", "which scan", staff)
    records.note(made, "called", staff)
    records.send_letter(made, "ask-more", "which scan", staff)
    records.withdraw(made.pk)
    made.refresh_from_db()
    assert (made.answers, made.contact) == (None, None)
    assert (made.status, made.closed_as) == (Status.CLOSED, ClosedAs.WITHDRAWN)
    for model in (IndexToken, Mark, Note):
        assert not model.objects.exists()
    assert [letter.name for letter in Letter.objects.all()] == ["withdrawn"]
    assert Consent.objects.get().proof
    records.withdraw(made.pk)
    assert made.events.filter(kind=Event.Kind.WITHDRAWN).count() == 1


def test_nothing_is_written_to_an_inquiry_that_was_withdrawn(staff):
    made = inquiry()
    records.withdraw(made.pk)
    for write in (
        lambda: records.mark(made, "oa-imaging", "ask", "x", staff),
        lambda: records.note(made, "x", staff),
        lambda: records.assign(made, staff, staff),
        lambda: records.move(made, "in-review", staff, reason="x"),
        lambda: records.undo_move(made, staff),
        lambda: records.correct_contact(made, {"name": "x"}, staff),
        lambda: records.log_call(made, "x", staff),
        lambda: records.send_letter(made, "ask-more", "x", staff),
    ):
        with pytest.raises(records.IsWithdrawn):
            write()
    assert not Mark.objects.exists()
    assert not Note.objects.exists()
    assert list(made.letters.values_list("name", flat=True)) == ["withdrawn"]


def test_after_its_time_an_inquiry_is_erased_and_the_proof_of_consent_stays(settings):
    kept, gone = inquiry(), inquiry()
    Inquiry.objects.filter(pk=gone.pk).update(
        received_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS, minutes=1), status="waiting"
    )
    assert records.purge() == 1
    assert list(Inquiry.objects.all()) == [kept]
    assert not Event.objects.filter(inquiry_id=gone.pk).exists()
    assert Consent.objects.filter(reference=gone.reference).exists()


def test_the_time_of_keeping_begins_anew_with_each_contact(settings, staff):
    now, long_ago = timezone.now(), timezone.now() - timedelta(days=settings.RETENTION_DAYS, minutes=1)
    talked_lately, talked_long_ago = inquiry(), inquiry()
    Inquiry.objects.update(received_at=long_ago - timedelta(days=9))
    Inquiry.objects.filter(pk=talked_lately.pk).update(last_contact_at=now)
    Inquiry.objects.filter(pk=talked_long_ago.pk).update(last_contact_at=long_ago)
    assert records.purge() == 1
    assert list(Inquiry.objects.all()) == [talked_lately]


def test_old_letters_about_no_inquiry_are_erased_too(settings):
    kept = Letter.objects.create(name="digest")
    Letter.objects.create(name="digest", owed_at=timezone.now() - timedelta(days=settings.RETENTION_DAYS + 1))
    records.purge()
    assert list(Letter.objects.all()) == [kept]
