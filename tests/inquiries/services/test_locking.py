"""All services: events hold no content, and concurrent changes are never overwritten."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection

from screening.inquiries import services
from screening.models import Inquiry, Letter, Mark
from screening.outbox import queue
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_events_name_fields_and_never_what_was_written(staff):
    made = inquiry(anything_else="canary-answer")
    services.set_mark(made, "oa-imaging", "ask", "canary-note", staff)
    services.add_note(made, "canary-remark", staff)
    services.assign(made, staff, staff)
    services.log_call(made, "canary-call", staff)
    services.correct_contact(made, {"name": "canary-name", "email": "canary@example.com"}, staff)
    queue.queue_letter(made, "ask-more", "canary-paragraph", staff)
    services.move_status(made, "closed", staff, "spam")
    services.move_status(made, "in-review", staff, reason="canary-reason")
    text = " ".join(f"{event.kind} {event.detail}" for event in made.events.all())
    for word in ("oa-imaging", "email, name", "ask-more", "called"):
        assert word in text
    assert "canary" not in text


@pytest.fixture
def colleague(db):
    return User.objects.create_user("colleague")


def to_the_name(to: str):
    return lambda made, by, version: services.correct_contact(made, {"name": to}, by, version=version)


def letter(made, by, version):
    return queue.queue_letter(made, "ask-more", "Which scan?", by, version=version)


WRITES = {
    "mark": lambda made, by, version: services.set_mark(made, "oa-goals", "ask", by.username, by, version=version),
    "assign": lambda made, by, version: services.assign(made, by, by, version=version),
    "move": lambda made, by, version: services.move_status(made, "closed", by, "spam", version=version),
    "letter": letter,
}


@pytest.mark.parametrize("which", sorted(WRITES))
def test_what_a_colleague_did_meanwhile_is_not_overwritten_but_reported(which, staff, colleague):
    made = inquiry()
    version = services.current_version(made)
    WRITES[which](made, colleague, version)
    events = made.events.count()
    with pytest.raises(services.Conflict) as stale:
        WRITES[which](made, staff, version)
    assert [event.actor for event in stale.value.events] == [colleague]
    assert made.events.count() == events
    assert stale.value.inquiry == made


@pytest.mark.parametrize("which", sorted(set(WRITES) - {"assign"}))
def test_who_has_seen_it_may_go_on(which, staff, colleague):
    made = inquiry()
    services.assign(made, colleague, colleague)
    WRITES[which](made, staff, services.current_version(made))


def test_having_opened_the_record_is_no_change(staff, colleague):
    made = inquiry()
    version = services.current_version(made)
    services.record_opened(made, colleague)
    assert services.current_version(made) == version
    services.move_status(made, "in-review", staff, version=version)


def test_different_things_are_done_at_one_time_by_two_people(staff, colleague):
    made = inquiry()
    version = services.current_version(made)
    services.set_mark(made, "oa-goals", "ask", "", colleague, version=version)
    services.set_mark(made, "oa-imaging", "ask", "", staff, version=version)
    services.correct_contact(made, {"phone": "+16195550199"}, colleague, version=version)
    to_the_name("Ana Ríos")(made, staff, version)
    services.assign(made, staff, colleague, version=version)
    services.move_status(made, "in-review", staff, version=version)
    assert Mark.objects.count() == 2
    assert {"Ana Ríos", "+16195550199"} <= set(Inquiry.objects.get().contact.values())


def test_the_same_detail_corrected_twice_is_reported(staff, colleague):
    made = inquiry()
    version = services.current_version(made)
    to_the_name("Ana Ríos")(made, colleague, version)
    with pytest.raises(services.Conflict):
        to_the_name("Ana Rivas")(made, staff, version)
    assert to_the_name("Ana Ríos")(made, staff, version) == []
    assert Inquiry.objects.get().contact["name"] == "Ana Ríos"


@pytest.mark.parametrize(
    "overtaken_by",
    [
        lambda made, by: services.log_call(made, "", by),
        lambda made, by: services.correct_contact(made, {"email": "new@example.com"}, by),
        lambda made, by: services.move_status(made, "closed", by, "not-going-ahead"),
    ],
)
def test_a_letter_that_was_overtaken_is_not_sent(overtaken_by, staff, colleague):
    made = inquiry()
    version = services.current_version(made)
    overtaken_by(made, colleague)
    with pytest.raises(services.Conflict):
        letter(made, staff, version)
    assert not Letter.objects.filter(name="ask-more").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_one_moment_one_writes_and_one_gets_a_conflict(staff, colleague):
    made, barrier, outcomes = inquiry(), threading.Barrier(10), []
    version = services.current_version(made)

    def write(number: int):
        barrier.wait()
        try:
            services.set_mark(
                made, "oa-goals", "ask", f"text {number}", staff if number % 2 else colleague, version=version
            )
            outcomes.append(f"text {number}")
        except services.Conflict:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("stale") == 9
    assert Mark.objects.get().note in outcomes


SENT_TWICE = {
    "note": lambda made, by, version: services.add_note(made, "Called, no answer", by, version=version),
    "call": lambda made, by, version: services.log_call(made, "We talked", by, version=version),
}


@pytest.mark.parametrize("which", sorted(SENT_TWICE))
def test_what_was_sent_twice_is_written_once_and_colleagues_do_not_hinder_each_other(which, staff, colleague):
    made = inquiry()
    version = services.current_version(made)
    for by in (staff, colleague):
        SENT_TWICE[which](made, by, version)
        with pytest.raises(services.Conflict) as stale:
            SENT_TWICE[which](made, by, version)
        assert [event.actor for event in stale.value.events] == [by]
    assert made.notes.count() == 2
    SENT_TWICE[which](made, staff, services.current_version(made))
