import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from screening.inquiries import records
from screening.models import (
    ClosedAs,
    Consent,
    Draft,
    Event,
    IndexToken,
    Inquiry,
    Letter,
    Mark,
    Note,
    Status,
    WordingVersion,
)
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
    held = draft()
    first, second = records.submit(held.pk, "en"), records.submit(held.pk, "en")
    assert first == second
    assert (Inquiry.objects.count(), Letter.objects.count()) == (1, 2)


def test_an_unfinished_draft_is_not_submitted():
    held = draft(goals=None)
    with pytest.raises(records.Incomplete):
        records.submit(held.pk, "en")
    assert Draft.objects.filter(pk=held.pk).exists()


def test_a_lost_draft_makes_no_inquiry():
    held = draft()
    Draft.objects.all().delete()
    assert records.submit(held.pk, "en") is None
    assert not Inquiry.objects.exists()


def test_the_database_refuses_a_second_inquiry_of_one_draft():
    made = inquiry()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inquiry.objects.create(
            draft_id=made.draft_id, reference="CRC-XXXX-XX", language="en", wording=made.wording, answers={}, contact={}
        )


@pytest.mark.django_db(transaction=True)
def test_twenty_clicks_at_one_moment_make_one_inquiry_and_one_pair_of_letters():
    held, barrier, found = draft(), threading.Barrier(20), []

    def click():
        barrier.wait()
        try:
            found.append(records.submit(held.pk, "en"))
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


def test_withdrawing_erases_all_but_reference_dates_and_proof(staff):
    made = inquiry()
    records.mark(made, "oa-imaging", "ask", "which scan", staff)
    records.note(made, "called", staff)
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
    ):
        with pytest.raises(records.IsWithdrawn):
            write()
    assert not Mark.objects.exists()
    assert not Note.objects.exists()


def test_after_its_time_an_inquiry_is_erased_and_the_proof_of_consent_stays(settings):
    kept, gone = inquiry(), inquiry()
    Inquiry.objects.filter(pk=gone.pk).update(
        received_at=timezone.now() - timezone.timedelta(days=settings.RETENTION_DAYS, minutes=1), status="waiting"
    )
    assert records.purge() == 1
    assert list(Inquiry.objects.all()) == [kept]
    assert not Event.objects.filter(inquiry_id=gone.pk).exists()
    assert Consent.objects.filter(reference=gone.reference).exists()


LEGAL = {
    ("new", "in-review"),
    ("new", "closed"),
    ("in-review", "waiting"),
    ("in-review", "offered"),
    ("in-review", "closed"),
    ("waiting", "in-review"),
    ("waiting", "offered"),
    ("waiting", "closed"),
    ("offered", "in-review"),
    ("offered", "waiting"),
    ("offered", "closed"),
    ("closed", "in-review"),
}


@pytest.mark.parametrize("before", Status.values)
@pytest.mark.parametrize("after", Status.values)
def test_the_table_of_moves_is_the_only_way(before, after, staff):
    made = inquiry()
    made.status, made.closed_as = before, ClosedAs.NO_REPLY if before == "closed" else ""
    made.save()
    closed_as = ClosedAs.BOOKED if after == "closed" else ""
    reason = "wrote again" if before == "closed" else ""
    if (before, after) in LEGAL:
        records.move(made, after, staff, closed_as, reason)
    else:
        with pytest.raises(records.IllegalMove):
            records.move(made, after, staff, closed_as, reason)
    made.refresh_from_db()
    assert made.status == (after if (before, after) in LEGAL else before)


def test_closing_needs_its_word_reopening_its_reason_and_withdrawn_stays_closed(staff):
    made = inquiry()
    with pytest.raises(records.IllegalMove):
        records.move(made, "closed", staff)
    with pytest.raises(records.IllegalMove):
        records.move(made, "closed", staff, "withdrawn")
    records.move(made, "closed", staff, "no-reply")
    with pytest.raises(records.IllegalMove):
        records.move(made, "in-review", staff)
    records.move(made, "in-review", staff, reason="called back")
    records.withdraw(made.pk)
    with pytest.raises(records.IsWithdrawn):
        records.move(made, "in-review", staff, reason="no")


def test_a_move_made_stale_by_a_colleague_changes_nothing(staff):
    mine = inquiry()
    theirs = Inquiry.objects.get(pk=mine.pk)
    records.move(theirs, "closed", staff, "spam")
    with pytest.raises(records.IllegalMove):
        records.move(mine, "in-review", staff)


def test_events_name_fields_and_never_what_was_written(staff):
    made = inquiry(anything_else="canary-answer")
    records.mark(made, "oa-imaging", "ask", "canary-note", staff)
    records.note(made, "canary-remark", staff)
    records.assign(made, staff, staff)
    records.move(made, "closed", staff, "spam")
    records.move(made, "in-review", staff, reason="canary-reason")
    told = " ".join(f"{event.kind} {event.detail}" for event in made.events.all())
    assert "oa-imaging" in told
    assert "canary" not in told


def test_a_mark_that_changes_nothing_leaves_no_event(staff):
    made = inquiry()
    assert records.mark(made, "oa-imaging", "ask", "", staff)
    assert not records.mark(made, "oa-imaging", "ask", "", staff)
    assert made.events.filter(kind=Event.Kind.MARKED).count() == 1


def test_events_are_never_changed_or_deleted():
    event = inquiry().events.get()
    event.detail = "other"
    for change in (event.save, Event.objects.all().delete, lambda: Event.objects.update(detail="x")):
        with pytest.raises(TypeError):
            change()


def test_only_the_first_opening_counts_as_reading(staff):
    made = inquiry()
    records.opened(made, staff)
    made.refresh_from_db()
    first = made.first_opened_at
    records.opened(made, staff)
    made.refresh_from_db()
    assert made.first_opened_at == first


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    taken = inquiry().reference
    held = draft()
    drawn = iter([taken, "CRC-2222-22"])
    monkeypatch.setattr(records, "new_reference", lambda: next(drawn))
    assert records.submit(held.pk, "en").reference == "CRC-2222-22"
    assert (Inquiry.objects.count(), Letter.objects.count()) == (2, 4)
