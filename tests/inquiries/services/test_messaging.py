from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from screening.inquiries import business_days, services
from screening.models import Event, Inquiry, Letter, Message
from screening.outbox import queue
from screening.outbox.letters import build_message
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def kinds(made: Inquiry) -> list[str]:
    return list(made.events.values_list("kind", flat=True))


def test_a_message_by_staff_is_a_reply_and_its_mail_says_only_that_there_is_one(staff):
    made = inquiry()
    services.write_message(made, "Which scan do you have?", staff)
    made.refresh_from_db()
    assert made.first_reply_at == made.last_contact_at
    assert not made.awaits_reply
    assert Event.Kind.MESSAGE_WRITTEN in kinds(made)
    mail = build_message(Letter.objects.get(name="message"))
    assert mail.to == ["ana@example.com"]
    assert "scan" not in mail.body + mail.subject
    assert made.reference in mail.body


def test_a_message_is_encrypted(staff):
    made = inquiry()
    services.write_message(made, "Which scan do you have?", staff)
    stored = Message.objects.extra(select={"stored": "text"}).values_list("stored", flat=True)
    assert stored[0].startswith("v2.")


def test_one_mail_for_several_messages_that_are_written_before_it_goes(staff):
    made = inquiry()
    services.write_message(made, "One.", staff)
    services.write_message(made, "And another.", staff)
    assert Letter.objects.filter(name="message").count() == 1


def test_nothing_is_written_to_a_person_without_an_address(staff):
    made = inquiry(email="", channel="phone")
    with pytest.raises(services.NoEmailAddress):
        services.write_message(made, "Hello", staff)
    assert not Message.objects.exists()


def test_a_message_conflicts_with_what_the_patient_wrote_meanwhile(staff):
    made = inquiry()
    seen = services.current_version(made)
    services.receive_message(made.pk, "It has changed", uuid4())
    with pytest.raises(services.Conflict) as conflict:
        services.write_message(made, "So it is the same?", staff, version=seen)
    assert [event.kind for event in conflict.value.events] == [Event.Kind.MESSAGE_RECEIVED]


@pytest.mark.parametrize("status", ["waiting", "offered"])
def test_a_message_of_the_patient_moves_the_inquiry_to_us_and_starts_the_clock_anew(staff, status):
    made = inquiry()
    services.move_status(made, "in-review", staff)
    services.log_call(made, "", staff)
    Inquiry.objects.filter(pk=made.pk).update(status=status)
    later = timezone.now() + timedelta(days=20)
    with time_machine.travel(later, tick=False):
        services.receive_message(made.pk, "Here I am again", uuid4())
        made.refresh_from_db()
        assert made.status == "in-review"
        assert made.awaits_reply
        assert made.reply_due_at == business_days.reply_due(timezone.now())
        assert made.last_contact_at == timezone.now()
        assert made in Inquiry.objects.waiting_for_us()


def test_a_second_message_does_not_put_the_promise_off():
    made = inquiry()
    promised = made.reply_due_at
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        services.receive_message(made.pk, "One more thing", uuid4())
    made.refresh_from_db()
    assert made.reply_due_at == promised


def test_the_assignee_is_told_by_reference_and_nobody_else(staff):
    made = inquiry()
    staff.email = "nurse@clinic.example"
    staff.save()
    services.assign(made, staff, staff)
    services.receive_message(made.pk, "My secret words", uuid4())
    services.receive_message(made.pk, "and more", uuid4())
    mail = build_message(Letter.objects.get(name="replied"))
    assert mail.to == ["nurse@clinic.example"]
    assert made.reference in mail.subject
    assert not any(word in mail.body + mail.subject for word in ("secret", "Ana", "Pérez"))


def test_without_an_assignee_the_mail_goes_to_all_staff(settings):
    made = inquiry()
    services.receive_message(made.pk, "Hello", uuid4())
    assert build_message(Letter.objects.get(name="replied")).to == settings.STAFF_NOTIFY_TO


def test_the_same_message_twice_is_one_and_a_changed_one_is_another():
    made, message_id = inquiry(), uuid4()
    services.receive_message(made.pk, "Hello", message_id)
    services.receive_message(made.pk, "Hello", message_id)
    assert made.messages.count() == 1
    services.receive_message(made.pk, "Hello, and one thing more", message_id)
    assert made.messages.count() == 2


def test_a_message_of_staff_sent_twice_is_one_even_if_the_patient_answered_in_between(staff):
    made, message_id = inquiry(), uuid4()
    version = services.current_version(made)
    services.write_message(made, "Which scan?", staff, message_id, version=version)
    services.receive_message(made.pk, "That of March", uuid4())
    again = services.write_message(made, "Which scan?", staff, message_id, version=version)
    assert again.pk == message_id
    assert kinds(made).count(Event.Kind.MESSAGE_WRITTEN) == 1


def test_the_id_of_another_message_overwrites_nothing(staff):
    made, other, message_id = inquiry(), inquiry(email="luis@example.com"), uuid4()
    services.receive_message(other.pk, "Theirs", message_id)
    services.write_message(made, "Ours", staff, message_id)
    assert other.messages.get().text == "Theirs"
    assert made.messages.get().text == "Ours"


def test_another_time_to_call_keeps_both_times_for_staff_and_names_neither_in_the_event():
    made = inquiry(best_time="morning")
    services.receive_call_time(made.pk, "evening", "Evening. Before: morning.", uuid4())
    made.refresh_from_db()
    assert made.contact["best-time"] == "evening"
    assert "morning" in made.messages.get().text
    assert made.events.latest("pk").detail == ""
    assert made.awaits_reply


def test_a_closed_or_withdrawn_inquiry_takes_no_message(staff):
    closed, withdrawn = inquiry(), inquiry()
    services.move_status(closed, "closed", staff, "spam")
    services.withdraw(withdrawn.pk)
    with pytest.raises(services.InquiryClosed):
        services.receive_message(closed.pk, "Hello", uuid4())
    with pytest.raises(services.IsWithdrawn):
        services.receive_message(withdrawn.pk, "Hello", uuid4())
    assert not Message.objects.exists()


def test_on_legal_hold_the_conversation_goes_on(staff):
    made = inquiry()
    services.place_hold(made, "a dispute", staff)
    services.receive_message(made.pk, "Hello", uuid4())
    assert made.messages.count() == 1


def test_at_most_ten_messages_an_hour():
    made = inquiry()
    for number in range(10):
        services.receive_message(made.pk, f"message {number}", uuid4())
    with pytest.raises(services.TooManyReplies):
        services.receive_message(made.pk, "one too many", uuid4())
    assert made.messages.count() == 10


def test_reading_is_recorded_once(staff):
    made = inquiry()
    services.mark_messages_read(made)
    services.write_message(made, "Hello", staff)
    services.mark_messages_read(made)
    services.mark_messages_read(made)
    assert kinds(made).count(Event.Kind.MESSAGE_READ) == 1
    assert made.messages.get().read_at


def test_a_letter_written_before_the_patients_message_does_not_answer_it(staff):
    made = inquiry()
    services.log_call(made, "", staff)
    letter = queue.queue_letter(made, "ask-more", "which scan", staff)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        services.receive_message(made.pk, "It is better now", uuid4())
        queue.mark_sent(letter)
    made.refresh_from_db()
    assert made.awaits_reply


def test_withdrawing_and_erasing_leave_no_message(staff):
    made = inquiry()
    services.write_message(made, "Hello", staff)
    services.receive_message(made.pk, "Hello", uuid4())
    services.request_code(made.pk)
    services.withdraw(made.pk)
    assert not Message.objects.exists()
    assert not made.accesses.exists()
    assert set(made.letters.values_list("name", flat=True)) == {"withdrawn"}
