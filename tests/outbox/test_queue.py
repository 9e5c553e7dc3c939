from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from screening.inquiries import services
from screening.models import Event, Inquiry, Letter
from screening.outbox import letters, queue
from screening.outbox.delivery import lease_letter
from screening.worker.process import Worker
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def send_all() -> None:
    runner = Worker()
    while runner.send_next():
        pass


def test_a_letter_of_staff_is_queued_encrypted_and_with_its_author(staff):
    made = inquiry()
    owed = queue.queue_letter(made, "ask-more", "Which canary?", staff)
    assert (owed.name, owed.author, owed.free_text, owed.is_from_staff) == ("ask-more", staff, "Which canary?", True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT free_text FROM screening_letter WHERE author_id IS NOT NULL")
        (stored,) = cursor.fetchone()
    assert stored
    assert "canary" not in stored
    event = made.events.get(kind=Event.Kind.LETTER_OWED)
    assert (event.actor, event.detail) == (staff, "ask-more")


def test_it_is_a_reply_when_it_has_been_sent_and_in_its_authors_name(staff, mailbox):
    made = inquiry()
    queue.queue_letter(made, "offer-consultation", "On Monday?", staff)
    made.refresh_from_db()
    assert made.first_reply_at is None
    send_all()
    made.refresh_from_db()
    assert made.first_reply_at == made.last_contact_at
    assert made.first_reply_at
    sent = made.events.filter(kind=Event.Kind.LETTER_SENT)
    assert dict(sent.values_list("detail", "actor")) == {
        "received": None,
        "new-inquiry": None,
        "offer-consultation": staff.pk,
    }


def test_letters_that_go_out_by_themselves_are_no_reply(mailbox):
    made = inquiry()
    send_all()
    made.refresh_from_db()
    assert made.letters.exclude(sent_at=None).count() == 2
    assert (made.first_reply_at, made.last_contact_at) == (None, None)


def test_a_letter_whose_author_has_left_is_a_reply_still(staff, mailbox):
    made = inquiry()
    queue.queue_letter(made, "still-there", "", staff)
    staff.delete()
    send_all()
    made.refresh_from_db()
    assert made.first_reply_at


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("ask-more", " ", letters.PlaceholderMissing),
        ("received", "x", letters.NoSuchLetter),
        ("new-inquiry", "x", letters.NoSuchLetter),
        ("no-such", "x", letters.NoSuchLetter),
        ("../consent", "x", letters.NoSuchLetter),
    ],
)
def test_what_cannot_be_previewed_is_not_queued(name, text, why, staff):
    made = inquiry()
    with pytest.raises(why):
        queue.queue_letter(made, name, text, staff)
    assert not made.letters.filter(author=staff).exists()
    assert not made.events.filter(kind=Event.Kind.LETTER_OWED).exists()


def test_without_an_address_no_letter_is_queued(staff):
    with pytest.raises(letters.NoAddress):
        queue.queue_letter(inquiry(email="", channel="phone"), "ask-more", "x", staff)


def test_a_second_click_sends_nothing_twice(staff):
    made = inquiry()
    version = services.current_version(made)
    queue.queue_letter(made, "ask-more", "x", staff, version=version)
    with pytest.raises(services.Conflict):
        queue.queue_letter(made, "ask-more", "x", staff, version=version)
    assert made.letters.filter(author=staff).count() == 1


def failed_letter(made: Inquiry, name: str = "new-inquiry") -> Letter:
    three_days_ago = timezone.now() - timedelta(hours=73)
    letter = made.letters.get(name=name)
    Letter.objects.filter(pk=letter.pk).update(gave_up_at=timezone.now(), owed_at=three_days_ago, tries=300)
    return Letter.objects.get(pk=letter.pk)


def test_a_letter_that_was_given_up_is_tried_as_long_as_a_new_one(staff, mailbox):
    made = inquiry(email="", channel="phone")
    letter = failed_letter(made)
    assert list(Letter.objects.failed()) == [letter]
    assert lease_letter() is None
    queue.retry_letter(letter, staff)
    letter.refresh_from_db()
    assert timezone.now() - letter.owed_at < timedelta(minutes=1)
    send_all()
    letter.refresh_from_db()
    assert letter.sent_at
    assert not Letter.objects.failed().exists()
    event = made.events.get(kind=Event.Kind.LETTER_RETRIED)
    assert (event.actor, event.detail) == (staff, "new-inquiry")


def test_only_what_was_given_up_is_retried(staff):
    made = inquiry()
    with pytest.raises(queue.NotFailed):
        queue.retry_letter(made.letters.first(), staff)
    letter = failed_letter(made)
    queue.retry_letter(letter, staff)
    with pytest.raises(queue.NotFailed):
        queue.retry_letter(letter, staff)
    assert made.events.filter(kind=Event.Kind.LETTER_RETRIED).count() == 1


def test_after_a_withdrawal_only_the_letter_that_tells_staff_is_retried(staff):
    made = inquiry()
    gone = failed_letter(made, "received")
    services.withdraw(made.pk)
    with pytest.raises(services.IsWithdrawn):
        queue.retry_letter(gone, staff)
    queue.retry_letter(failed_letter(made, "withdrawn"), staff)
    assert made.events.get(kind=Event.Kind.LETTER_RETRIED).detail == "withdrawn"


def test_a_digest_that_was_given_up_is_retried_too(staff):
    letter = Letter.objects.create(name="digest", gave_up_at=timezone.now())
    queue.retry_letter(letter, staff)
    assert Letter.objects.due().get() == letter


def test_a_letter_sent_after_all_was_erased_leaves_no_trace(staff):
    made = inquiry()
    owed = queue.queue_letter(made, "ask-more", "x", staff)
    Inquiry.objects.filter(pk=made.pk).delete()
    queue.mark_sent(owed)
    queue.mark_failed(owed)
    assert not Event.objects.exists()


def test_a_letter_that_went_out_during_a_withdrawal_is_not_noted(staff):
    made = inquiry()
    owed = queue.queue_letter(made, "ask-more", "x", staff)
    services.withdraw(made.pk)
    queue.mark_sent(owed)
    made.refresh_from_db()
    assert made.first_reply_at is None
    assert not made.events.filter(kind=Event.Kind.LETTER_SENT).exists()


def morning(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=ZoneInfo("America/Tijuana"))


def test_a_digest_is_queued_once_a_working_day_and_only_when_something_waits(staff):
    assert not queue.queue_digest(morning("2026-11-23"))
    made = inquiry()
    assert queue.queue_digest(morning("2026-11-23"))
    assert not queue.queue_digest(morning("2026-11-23") + timedelta(hours=9))
    assert queue.queue_digest(morning("2026-11-24"))
    assert not queue.queue_digest(morning("2026-11-28"))  # a Saturday
    assert not queue.queue_digest(morning("2026-11-16"))  # a holiday
    services.move_status(made, "closed", staff, "spam")
    assert not queue.queue_digest(morning("2026-11-25"))
    assert Letter.objects.filter(name="digest", inquiry=None).count() == 2


def test_a_letter_that_failed_is_reason_enough_for_a_digest(staff):
    made = inquiry()
    failed_letter(made)
    services.move_status(made, "closed", staff, "spam")
    assert queue.queue_digest(morning("2026-11-23"))


def test_staff_are_reminded_once_of_each_that_is_unread_after_the_promise(staff):
    unread, read, answered, closed, early = (inquiry() for _ in range(5))
    late = timezone.now() - timedelta(minutes=1)
    Inquiry.objects.exclude(pk=early.pk).update(reply_due_at=late)
    services.record_opened(read, staff)
    services.log_call(answered, "", staff)
    services.move_status(closed, "closed", staff, "spam")
    assert queue.queue_overdue_reminders(timezone.now()) == 1
    assert queue.queue_overdue_reminders(timezone.now()) == 0
    assert [letter.inquiry for letter in Letter.objects.filter(name="overdue")] == [unread]


def test_many_are_reminded_of_by_and_by(monkeypatch):
    monkeypatch.setattr("screening.outbox.queue._REMINDER_BATCH", 2)
    for _ in range(3):
        inquiry()
    after = Inquiry.objects.latest("reply_due_at").reply_due_at + timedelta(seconds=1)
    assert [queue.queue_overdue_reminders(after) for _ in range(3)] == [2, 1, 0]


def test_a_letter_that_was_set_aside_is_left_alone(staff):
    made = inquiry()
    letter = made.letters.get(name="received")
    queue.mark_failed(letter)
    queue.dismiss_letter(letter, staff)
    assert not Letter.objects.failed().exists()
    for again in (queue.dismiss_letter, queue.retry_letter):
        with pytest.raises(queue.NotFailed):
            again(letter, staff)
    event = made.events.get(kind=Event.Kind.LETTER_SET_ASIDE)
    assert (event.actor, event.detail) == (staff, "received")


def test_a_letter_that_is_still_tried_cannot_be_set_aside(staff):
    made = inquiry()
    with pytest.raises(queue.NotFailed):
        queue.dismiss_letter(made.letters.get(name="received"), staff)
