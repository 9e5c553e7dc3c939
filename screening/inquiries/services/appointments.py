"""Appointments: staff offer times, the patient takes one or asks for others, staff confirm, move and cancel.

A booked time occupies its five-minute slots, which are unique in the database: whoever books second gets TimeTaken,
however close the two are. Each change of a booked one is a new ``sequence`` for calendar programs, and a letter to the
patient and to staff with the calendar file. Letters say how the appointment stands when they are sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.inquiries.services.contact import record_contact
from screening.inquiries.services.locking import (
    add_event,
    events_since,
    lock_for_change,
    raise_on_conflict,
)
from screening.inquiries.services.messaging import InquiryClosed, await_reply, queue_once, receive_message
from screening.inquiries.services.status_change import set_status
from screening.models import Appointment, BookedSlot, Event, Inquiry, Letter, Status, is_free

MAX_OFFERS = 5  # that are open at one time

EVENT_KINDS = (
    Event.Kind.TIME_OFFERED,
    Event.Kind.OFFER_WITHDRAWN,
    Event.Kind.TIME_TAKEN,
    Event.Kind.TIMES_ASKED,
    Event.Kind.TIME_CONFIRMED,
    Event.Kind.TIME_MOVED,
    Event.Kind.TIME_CANCELLED,
    Event.Kind.NO_SHOW,
)
# An offer also conflicts with what the patient wrote meanwhile, and with a move: a closed inquiry gets no offer.
_CONFLICTING_KINDS = (*EVENT_KINDS, Event.Kind.MESSAGE_RECEIVED, Event.Kind.MOVED, Event.Kind.MOVE_UNDONE)
_ARROW = " → "


class TimeTaken(Exception):
    """Another appointment occupies this time, or a part of it."""


class TimePast(Exception):
    """The time is over."""


class OfferEnded(Exception):
    """The time is not offered any more."""


class TooManyOffers(Exception):
    """More than MAX_OFFERS would be open."""


class AppointmentChanged(Exception):
    """The appointment is not in a state in which this can be done."""


@dataclass(frozen=True)
class Time:
    """When, how long, and how. ``link`` is the address of a video call, or empty."""

    starts_at: datetime
    minutes: int
    kind: str
    link: str = ""


def open_offers(inquiry: Inquiry) -> list[Appointment]:
    """The times that the patient can take: still to come, and taken by nobody else meanwhile."""
    return [offer for offer in inquiry.appointments.open_offers() if is_free(offer.slots)]


def offer_times(inquiry: Inquiry, times: Iterable[Time], by: User, *, version: int | None = None) -> list[Appointment]:
    """Offer times, which counts as a reply; queues a letter to the patient if they have an e-mail address.

    Raises InquiryClosed, TooManyOffers, TimePast, TimeTaken and Conflict.
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_since(locked, version, *_CONFLICTING_KINDS))
        if locked.status == Status.CLOSED:
            raise InquiryClosed
        offered = [_new_offer(locked, time, by) for time in times]
        if locked.appointments.open_offers().count() > MAX_OFFERS:
            raise TooManyOffers
        for offer in offered:
            add_event(locked, Event.Kind.TIME_OFFERED, by, format_moment(offer.starts_at))
        if locked.status != Status.OFFERED:
            set_status(locked, Status.OFFERED, "", Event.Kind.MOVED, by)
        if locked.contact.get("email"):
            queue_once(locked, "times-offered")
        record_contact(locked)
    return offered


def withdraw_offer(inquiry: Inquiry, appointment_id: UUID, by: User, *, version: int | None = None) -> None:
    """Take an offer back. Raises AppointmentChanged if the patient has taken it."""
    with transaction.atomic():
        appointment = _lock_appointment(inquiry, appointment_id, version)
        if appointment.state != Appointment.State.OFFERED:
            raise AppointmentChanged
        _set_state(appointment, Appointment.State.WITHDRAWN)
        _add_event(appointment, Event.Kind.OFFER_WITHDRAWN, by)


def confirm(inquiry: Inquiry, appointment_id: UUID, by: User, *, version: int | None = None) -> None:
    """Confirm a time that the patient has taken, or has agreed to in another way. Counts as a reply.

    Raises AppointmentChanged, TimePast, TimeTaken and Conflict.
    """
    with transaction.atomic():
        appointment = _lock_appointment(inquiry, appointment_id, version)
        if appointment.state == Appointment.State.OFFERED:
            _book(appointment)
            _withdraw_open_offers(appointment)
        elif appointment.state != Appointment.State.TAKEN:
            raise AppointmentChanged
        elif not appointment.is_upcoming:
            raise TimePast
        else:
            appointment.sequence += 1
        _set_state(appointment, Appointment.State.CONFIRMED)
        _add_event(appointment, Event.Kind.TIME_CONFIRMED, by)
        _tell(appointment, "appointment-confirmed")
        record_contact(appointment.inquiry)


def move(inquiry: Inquiry, appointment_id: UUID, to: Time, by: User, *, version: int | None = None) -> None:
    """Move a booked appointment to another time, confirmed; the same entry moves in calendar programs.

    Raises AppointmentChanged, TimePast, TimeTaken and Conflict.
    """
    with transaction.atomic():
        appointment = _lock_appointment(inquiry, appointment_id, version)
        if not appointment.is_booked or not appointment.is_upcoming:
            raise AppointmentChanged
        before = format_moment(appointment.starts_at)
        appointment.starts_at, appointment.minutes, appointment.kind = to.starts_at, to.minutes, to.kind
        appointment.link = to.link or None
        appointment.reminded_at = None
        appointment.sequence += 1
        appointment.booked_slots.all().delete()
        _book(appointment)
        _set_state(appointment, Appointment.State.CONFIRMED)
        add_event(
            appointment.inquiry, Event.Kind.TIME_MOVED, by, f"{before}{_ARROW}{format_moment(appointment.starts_at)}"
        )
        _tell(appointment, "appointment-moved")
        record_contact(appointment.inquiry)


def cancel(inquiry: Inquiry, appointment_id: UUID, by: User, *, version: int | None = None) -> None:
    """Cancel a booked appointment that is still to come. Raises AppointmentChanged and Conflict."""
    with transaction.atomic():
        appointment = _lock_appointment(inquiry, appointment_id, version)
        if not appointment.is_booked or not appointment.is_upcoming:
            raise AppointmentChanged
        _cancel(appointment, by)
        record_contact(appointment.inquiry)


def record_no_show(inquiry: Inquiry, appointment_id: UUID, by: User, *, version: int | None = None) -> None:
    """Record that the patient was not there. Raises AppointmentChanged, also before the time."""
    with transaction.atomic():
        appointment = _lock_appointment(inquiry, appointment_id, version)
        if not appointment.is_booked or appointment.is_upcoming:
            raise AppointmentChanged
        _set_state(appointment, Appointment.State.NO_SHOW)
        _add_event(appointment, Event.Kind.NO_SHOW, by)


def take(inquiry_id: UUID, appointment_id: UUID, time_zone: str) -> None:
    """The patient takes an offered time; repeating it changes nothing. The other offers end.

    Raises IsWithdrawn, InquiryClosed, OfferEnded, TimePast and TimeTaken.
    """
    with transaction.atomic():
        appointment = _lock_for_patient(inquiry_id, appointment_id)
        inquiry = appointment.inquiry
        if appointment.is_booked:
            return
        if inquiry.status == Status.CLOSED:
            raise InquiryClosed
        if appointment.state != Appointment.State.OFFERED:
            raise OfferEnded
        _book(appointment)
        _withdraw_open_offers(appointment)
        appointment.time_zone = time_zone
        is_confirmed = settings.APPOINTMENTS_CONFIRMED_AT_ONCE
        _set_state(appointment, Appointment.State.CONFIRMED if is_confirmed else Appointment.State.TAKEN)
        _add_event(appointment, Event.Kind.TIME_TAKEN)
        if is_confirmed:
            _add_event(appointment, Event.Kind.TIME_CONFIRMED)
            _tell(appointment, "appointment-confirmed")
            _record_visit(inquiry)
        else:
            _tell(appointment)
            await_reply(inquiry)


def cancel_by_patient(inquiry_id: UUID, appointment_id: UUID) -> None:
    """The patient cancels; repeating it changes nothing. Staff owe a reply, unless the inquiry is closed.

    Raises IsWithdrawn, OfferEnded if there is no such appointment, and TimePast.
    """
    with transaction.atomic():
        appointment = _lock_for_patient(inquiry_id, appointment_id)
        inquiry = appointment.inquiry
        if appointment.state == Appointment.State.CANCELLED:
            return
        if not appointment.is_booked:
            raise OfferEnded
        if not appointment.is_upcoming:
            raise TimePast
        _cancel(appointment)
        if inquiry.status == Status.CLOSED:
            _record_visit(inquiry)
        else:
            await_reply(inquiry)


def ask_for_other_times(inquiry_id: UUID, text: str, message_id: UUID) -> None:
    """The patient asks for other times, with a message if they wrote one; asking again changes nothing.

    The offers stay open. Raises IsWithdrawn, InquiryClosed and TooManyReplies.
    """
    with transaction.atomic():
        inquiry = lock_for_change(inquiry_id)
        if inquiry.status == Status.CLOSED:
            raise InquiryClosed
        last = inquiry.events.filter(kind__in=EVENT_KINDS).order_by("-pk").first()
        if last is None or last.kind != Event.Kind.TIMES_ASKED:
            add_event(inquiry, Event.Kind.TIMES_ASKED)
            await_reply(inquiry)
            queue_once(inquiry, "replied")
        if text:
            receive_message(inquiry_id, text, message_id)


def end_appointments(inquiry: Inquiry) -> None:
    """Cancel what is booked and end the offers of an inquiry that is withdrawn; staff's calendars are told."""
    for appointment in inquiry.appointments.booked().filter(starts_at__gt=timezone.now()):
        _end(appointment)
        _add_event(appointment, Event.Kind.TIME_CANCELLED)
        _tell(appointment)
    inquiry.appointments.open_offers().update(state=Appointment.State.WITHDRAWN)


def erase_appointments(inquiry: Inquiry) -> None:
    """Delete the appointments, but for the bare time of one of which staff's calendars have yet to be told."""
    untold = inquiry.letters.unsent().filter(name="appointment").values("appointment")
    inquiry.appointments.exclude(pk__in=untold).delete()
    for appointment in inquiry.appointments.all():
        appointment.link, appointment.time_zone, appointment.author = None, "", None
        appointment.save(update_fields=["link", "time_zone", "author"])


def format_moment(moment: datetime) -> str:
    """The form of a time in an event's detail."""
    return moment.isoformat(timespec="minutes")


def parse_moments(detail: str) -> list[datetime]:
    """The times in an event's detail; two if an appointment was moved. Empty if it has another form."""
    try:
        return [datetime.fromisoformat(part) for part in detail.split(_ARROW)]
    except ValueError:
        return []


def _new_offer(inquiry: Inquiry, time: Time, by: User) -> Appointment:
    offer = Appointment(
        inquiry=inquiry,
        starts_at=time.starts_at,
        minutes=time.minutes,
        kind=time.kind,
        link=time.link or None,
        author=by,
    )
    if not offer.is_upcoming:
        raise TimePast
    if not is_free(offer.slots):
        raise TimeTaken
    offer.save(force_insert=True)
    return offer


def _lock_appointment(inquiry: Inquiry, appointment_id: UUID, version: int | None) -> Appointment:
    """The appointment, with its inquiry locked for a change by staff."""
    locked = lock_for_change(inquiry.pk)
    raise_on_conflict(locked, events_since(locked, version, *EVENT_KINDS))
    appointment = locked.appointments.filter(pk=appointment_id).first()
    if appointment is None:
        raise AppointmentChanged
    return appointment


def _lock_for_patient(inquiry_id: UUID, appointment_id: UUID) -> Appointment:
    """The appointment, with its inquiry locked. Raises IsWithdrawn, and OfferEnded if there is none."""
    appointment = lock_for_change(inquiry_id).appointments.filter(pk=appointment_id).first()
    if appointment is None:
        raise OfferEnded
    return appointment


def _book(appointment: Appointment) -> None:
    """Occupy the time; raises TimePast and TimeTaken."""
    if not appointment.is_upcoming:
        raise TimePast
    try:
        with transaction.atomic():
            # In ascending order, so that two overlapping bookings cannot wait for each other.
            BookedSlot.objects.bulk_create(
                BookedSlot(starts_at=slot, appointment=appointment) for slot in appointment.slots
            )
    except IntegrityError:
        raise TimeTaken from None


def _withdraw_open_offers(taken: Appointment) -> None:
    others = taken.inquiry.appointments.open_offers().exclude(pk=taken.pk)
    others.update(state=Appointment.State.WITHDRAWN, changed_at=timezone.now())


def _cancel(appointment: Appointment, by: User | None = None) -> None:
    _end(appointment)
    _add_event(appointment, Event.Kind.TIME_CANCELLED, by)
    _tell(appointment, "appointment-cancelled")


def _end(appointment: Appointment) -> None:
    appointment.sequence += 1
    appointment.booked_slots.all().delete()
    _set_state(appointment, Appointment.State.CANCELLED)


def _set_state(appointment: Appointment, state: str) -> None:
    appointment.state, appointment.changed_at = state, timezone.now()
    appointment.save()


def _add_event(appointment: Appointment, kind: str, by: User | None = None) -> None:
    add_event(appointment.inquiry, kind, by, format_moment(appointment.starts_at))


def _tell(appointment: Appointment, letter_to_patient: str = "") -> None:
    """Queue the letters with the calendar file, in place of earlier ones about it that are not on their way yet."""
    appointment.letters.unsent().filter(leased_until=None).delete()
    inquiry = appointment.inquiry
    Letter.objects.create(inquiry=inquiry, appointment=appointment, name="appointment")
    if letter_to_patient and inquiry.contact.get("email"):
        Letter.objects.create(inquiry=inquiry, appointment=appointment, name=letter_to_patient)


def _record_visit(inquiry: Inquiry) -> None:
    """The patient was in touch, and nobody owes a reply for it."""
    inquiry.last_contact_at = timezone.now()
    inquiry.save(update_fields=["last_contact_at"])
