"""Appointments: offered, taken once, confirmed, moved, cancelled; who is told; what is left after an erasure."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.inquiries import services
from screening.models import Appointment, BookedSlot, Event, Inquiry, Letter, Message
from tests.builders import inquiry, offer, upcoming

pytestmark = pytest.mark.django_db
State = Appointment.State


def take(appointment: Appointment, zone: str = "America/Tijuana") -> Appointment:
    services.take(appointment.inquiry_id, appointment.pk, zone)
    appointment.refresh_from_db()
    return appointment


def kinds(made: Inquiry) -> list[str]:
    return list(made.events.exclude(kind=Event.Kind.MOVED).values_list("kind", flat=True))


def letters(made: Inquiry) -> set[str]:
    return set(made.letters.exclude(name__in=("new-inquiry", "received")).values_list("name", flat=True))


def test_an_offer_is_a_reply_and_its_mail_says_only_that_there_are_times(staff):
    made = inquiry()
    services.offer_times(made, [upcoming(2), upcoming(3)], staff)
    made.refresh_from_db()
    assert made.status == "offered"
    assert not made.awaits_reply
    assert kinds(made).count(Event.Kind.TIME_OFFERED) == 2
    assert letters(made) == {"times-offered"}


def test_at_most_five_offers_are_open(staff):
    made = inquiry()
    services.offer_times(made, [upcoming(day) for day in range(1, 5)], staff)
    with pytest.raises(services.TooManyOffers):
        services.offer_times(made, [upcoming(6), upcoming(7)], staff)
    assert made.appointments.count() == 4


def test_an_offer_in_the_past_or_at_a_booked_time_is_refused_and_nothing_is_written(staff):
    made, other = inquiry(), inquiry()
    take(offer(other, staff, upcoming(2)))
    for time, problem in ((upcoming(-1), services.TimePast), (upcoming(2, minutes=15), services.TimeTaken)):
        with pytest.raises(problem):
            services.offer_times(made, [upcoming(4), time], staff)
    assert not made.appointments.exists()


def test_a_closed_inquiry_gets_no_offer(staff):
    made = inquiry()
    services.move_status(made, "closed", staff, "spam")
    with pytest.raises(services.InquiryClosed):
        services.offer_times(made, [upcoming(2)], staff)


def test_the_same_time_may_be_offered_to_two_and_is_taken_by_one(staff):
    first, second = inquiry(), inquiry(email="luis@example.com")
    lost = offer(first, staff, upcoming(2))
    take(offer(second, staff, upcoming(2)))
    with pytest.raises(services.TimeTaken):
        take(lost)
    lost.refresh_from_db()
    assert lost.state == State.OFFERED
    assert services.open_offers(first) == []


@pytest.mark.parametrize("minutes", [-25, -5, 5, 25])
def test_a_time_that_overlaps_a_booked_one_is_taken(staff, minutes):
    booked, other = upcoming(2), inquiry()
    overlapping = upcoming(2, after=timedelta(minutes=minutes))
    lost = offer(other, staff, overlapping)
    take(offer(inquiry(), staff, booked))
    with pytest.raises(services.TimeTaken):
        take(lost)


def test_one_directly_after_the_other_is_free(staff):
    take(offer(inquiry(), staff, upcoming(2)))
    assert take(offer(inquiry(), staff, upcoming(2, after=timedelta(minutes=30)))).state == State.TAKEN


def test_the_database_itself_refuses_a_second_booking(staff):
    one, two = (offer(inquiry(), staff, upcoming(2)) for _number in range(2))
    BookedSlot.objects.create(starts_at=one.starts_at, appointment=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        BookedSlot.objects.create(starts_at=two.starts_at, appointment=two)


def test_taking_tells_staff_makes_them_owe_a_reply_and_ends_the_other_offers(staff):
    made = inquiry()
    taken, other = services.offer_times(made, [upcoming(2), upcoming(3)], staff)
    assert take(taken, "America/Chicago").state == State.TAKEN
    other.refresh_from_db()
    made.refresh_from_db()
    assert other.state == State.WITHDRAWN
    assert taken.time_zone == "America/Chicago"
    assert made.awaits_reply
    assert made.status == "in-review"
    assert letters(made) == {"times-offered", "appointment"}


def test_taking_twice_changes_nothing(staff):
    taken = take(offer(inquiry(), staff))
    before = kinds(taken.inquiry)
    assert take(taken).sequence == 0
    assert kinds(taken.inquiry) == before


def test_by_setting_a_taken_time_is_confirmed_at_once(staff, settings):
    settings.APPOINTMENTS_CONFIRMED_AT_ONCE = True
    taken = take(offer(inquiry(), staff))
    assert taken.state == State.CONFIRMED
    assert not Inquiry.objects.get().awaits_reply
    assert letters(taken.inquiry) == {"times-offered", "appointment", "appointment-confirmed"}
    assert {Event.Kind.TIME_TAKEN, Event.Kind.TIME_CONFIRMED} <= set(kinds(taken.inquiry))


def test_a_time_that_has_passed_cannot_be_taken(staff):
    offered = offer(inquiry(), staff)
    with time_machine.travel(offered.starts_at), pytest.raises(services.TimePast):
        take(offered)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.CANCELLED, State.NO_SHOW])
def test_an_offer_that_ended_cannot_be_taken(staff, state):
    offered = offer(inquiry(), staff)
    Appointment.objects.update(state=state)
    with pytest.raises(services.OfferEnded):
        take(offered)


def test_an_offer_of_another_inquiry_or_of_none_cannot_be_taken(staff):
    made, foreign = inquiry(), offer(inquiry(), staff)
    for appointment_id in (foreign.pk, uuid4()):
        with pytest.raises(services.OfferEnded):
            services.take(made.pk, appointment_id, "")


def test_a_closed_inquiry_takes_no_time_and_a_withdrawn_one_none_either(staff):
    offered = offer(inquiry(), staff)
    services.move_status(offered.inquiry, "closed", staff, "no-reply")
    with pytest.raises(services.InquiryClosed):
        take(offered)
    services.withdraw(offered.inquiry_id)
    with pytest.raises(services.IsWithdrawn):
        take(offered)


def test_on_legal_hold_a_time_can_be_taken(staff):
    offered = offer(inquiry(), staff)
    services.place_hold(offered.inquiry, "a dispute", staff)
    assert take(offered).state == State.TAKEN


def test_confirming_is_a_reply_and_raises_the_sequence(staff):
    taken = take(offer(inquiry(), staff))
    services.confirm(taken.inquiry, taken.pk, staff)
    taken.refresh_from_db()
    assert (taken.state, taken.sequence) == (State.CONFIRMED, 1)
    assert not Inquiry.objects.get().awaits_reply
    assert letters(taken.inquiry) == {"times-offered", "appointment", "appointment-confirmed"}


def test_what_was_agreed_on_the_phone_is_confirmed_without_being_taken(staff):
    made = inquiry(email="", channel="phone")
    offered, other = services.offer_times(made, [upcoming(2), upcoming(3)], staff)
    services.confirm(made, offered.pk, staff)
    other.refresh_from_db()
    assert BookedSlot.objects.filter(appointment=offered).count() == 6
    assert other.state == State.WITHDRAWN
    assert letters(made) == {"appointment"}


def test_moving_frees_the_former_time_and_raises_the_sequence(staff):
    taken = take(offer(inquiry(), staff, upcoming(2)))
    services.move(taken.inquiry, taken.pk, upcoming(4, minutes=60, kind="video", link="https://meet.example/a"), staff)
    taken.refresh_from_db()
    assert (taken.state, taken.sequence, taken.minutes, taken.kind) == (State.CONFIRMED, 1, 60, "video")
    assert taken.link == "https://meet.example/a"
    assert take(offer(inquiry(), staff, upcoming(2))).state == State.TAKEN
    assert " → " in taken.inquiry.events.get(kind=Event.Kind.TIME_MOVED).detail
    assert "appointment-moved" in letters(taken.inquiry)


def test_it_may_move_by_less_than_its_length_and_not_onto_another(staff):
    taken = take(offer(inquiry(), staff, upcoming(2)))
    take(offer(inquiry(), staff, upcoming(3)))
    services.move(taken.inquiry, taken.pk, upcoming(2, after=timedelta(minutes=10)), staff)
    with pytest.raises(services.TimeTaken):
        services.move(taken.inquiry, taken.pk, upcoming(3), staff)
    taken.refresh_from_db()
    assert taken.starts_at == upcoming(2, after=timedelta(minutes=10)).starts_at
    assert BookedSlot.objects.filter(appointment=taken).count() == 6


def test_the_patient_cancels_and_staff_owe_a_reply(staff):
    taken = take(offer(inquiry(), staff))
    services.confirm(taken.inquiry, taken.pk, staff)
    services.cancel_by_patient(taken.inquiry_id, taken.pk)
    services.cancel_by_patient(taken.inquiry_id, taken.pk)
    taken.refresh_from_db()
    assert (taken.state, taken.sequence) == (State.CANCELLED, 2)
    assert Inquiry.objects.get().awaits_reply
    assert kinds(taken.inquiry).count(Event.Kind.TIME_CANCELLED) == 1
    assert letters(taken.inquiry) == {"times-offered", "appointment", "appointment-cancelled"}
    assert not BookedSlot.objects.exists()


def test_an_appointment_of_an_inquiry_closed_as_booked_can_be_cancelled_and_it_stays_closed(staff):
    taken = take(offer(inquiry(), staff))
    services.move_status(taken.inquiry, "closed", staff, "booked")
    services.cancel_by_patient(taken.inquiry_id, taken.pk)
    made = Inquiry.objects.get()
    assert made.status == "closed"
    assert made.appointments.get().state == State.CANCELLED
    assert "appointment" in letters(made)


def test_neither_cancels_what_is_over_and_nobody_misses_what_is_to_come(staff):
    taken = take(offer(inquiry(), staff))
    with pytest.raises(services.AppointmentChanged):
        services.record_no_show(taken.inquiry, taken.pk, staff)
    with time_machine.travel(taken.ends_at):
        with pytest.raises(services.AppointmentChanged):
            services.cancel(taken.inquiry, taken.pk, staff)
        with pytest.raises(services.TimePast):
            services.cancel_by_patient(taken.inquiry_id, taken.pk)
        services.record_no_show(taken.inquiry, taken.pk, staff)
    taken.refresh_from_db()
    assert taken.state == State.NO_SHOW
    assert Event.Kind.NO_SHOW in kinds(taken.inquiry)


@pytest.mark.parametrize("action", [services.confirm, services.cancel, services.withdraw_offer])
def test_staff_conflict_with_what_the_patient_did_meanwhile(staff, action):
    offered = offer(inquiry(), staff)
    seen = services.current_version(offered.inquiry)
    take(offered)
    with pytest.raises(services.Conflict) as conflict:
        action(offered.inquiry, offered.pk, staff, version=seen)
    assert Event.Kind.TIME_TAKEN in [event.kind for event in conflict.value.events]


def test_an_offer_that_was_taken_cannot_be_withdrawn(staff):
    taken = take(offer(inquiry(), staff))
    with pytest.raises(services.AppointmentChanged):
        services.withdraw_offer(taken.inquiry, taken.pk, staff)


def test_an_offer_conflicts_with_a_message_that_was_written_meanwhile(staff):
    made = inquiry()
    seen = services.current_version(made)
    services.receive_message(made.pk, "Not on Tuesdays", uuid4())
    with pytest.raises(services.Conflict):
        services.offer_times(made, [upcoming(2)], staff, version=seen)


def test_asking_for_other_times_is_an_event_once_and_a_message_if_there_is_one(staff):
    made = offer(inquiry(), staff).inquiry
    services.ask_for_other_times(made.pk, "", uuid4())
    services.ask_for_other_times(made.pk, "Only in the evening", uuid4())
    made.refresh_from_db()
    assert kinds(made).count(Event.Kind.TIMES_ASKED) == 1
    assert made.messages.get().text == "Only in the evening"
    assert made.awaits_reply
    assert made.letters.filter(name="replied").count() == 1
    services.offer_times(made, [upcoming(3)], staff)
    services.ask_for_other_times(made.pk, "", uuid4())
    assert kinds(made).count(Event.Kind.TIMES_ASKED) == 2


def test_a_closed_inquiry_asks_for_no_other_times(staff):
    made = offer(inquiry(), staff).inquiry
    services.move_status(made, "closed", staff, "no-reply")
    with pytest.raises(services.InquiryClosed):
        services.ask_for_other_times(made.pk, "Please", uuid4())
    assert not Message.objects.exists()


def test_withdrawing_cancels_frees_the_time_and_leaves_nothing_but_the_bare_time_for_staffs_calendars(staff):
    made = inquiry()
    taken = take(offer(made, staff, upcoming(2, kind="video", link="https://meet.example/a")), "America/Chicago")
    take_more = services.offer_times(made, [upcoming(5)], staff)
    services.withdraw(made.pk)
    left = Appointment.objects.get()
    assert left.pk == taken.pk != take_more[0].pk
    assert (left.state, left.link, left.time_zone, left.author) == (State.CANCELLED, None, "", None)
    assert not BookedSlot.objects.exists()
    assert set(made.letters.values_list("name", flat=True)) == {"appointment", "withdrawn"}


def test_on_legal_hold_a_withdrawal_cancels_and_lifting_the_hold_erases(staff):
    taken = take(offer(inquiry(), staff))
    made = taken.inquiry
    services.place_hold(made, "a dispute", staff)
    services.withdraw(made.pk)
    taken.refresh_from_db()
    assert taken.state == State.CANCELLED
    Letter.objects.update(sent_at=timezone.now())
    services.lift_hold(made, "settled", staff)
    assert not Appointment.objects.exists()


def test_what_is_purged_takes_its_appointments_with_it(staff):
    taken = take(offer(inquiry(), staff))
    Inquiry.objects.update(
        received_at=datetime(2020, 1, 1, tzinfo=timezone.get_current_timezone()), last_contact_at=None
    )
    assert services.purge() == 1
    assert not Appointment.objects.filter(pk=taken.pk).exists()
    assert not BookedSlot.objects.exists()


def test_a_link_is_encrypted(staff):
    offer(inquiry(), staff, upcoming(2, kind="video", link="https://meet.example/secret"))
    stored = Appointment.objects.extra(select={"stored": "link"}).values_list("stored", flat=True)
    assert stored[0].startswith("v2.")
