"""Presenter of the appointments of a record, at the clinic's time, with what staff can do with each."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from screening.inquiries import clinic_time
from screening.models import Appointment, Inquiry, is_free


@dataclass(frozen=True)
class AppointmentRow:
    """``for_patient`` is the time as the patient reads it, if that is another one. ``actions``: names of forms."""

    appointment: Appointment
    day: str
    hour: str
    until: str
    zone: str
    for_patient: str
    state: str
    actions: tuple[str, ...]

    @property
    def starts_at(self) -> datetime:
        return self.appointment.starts_at


def appointments_of(inquiry: Inquiry) -> list[AppointmentRow]:
    """The latest first."""
    return [_row(appointment) for appointment in inquiry.appointments.order_by("-starts_at", "-pk")]


def _row(one: Appointment) -> AppointmentRow:
    zone = one.time_zone
    differs = (
        zone and clinic_time.local(one.starts_at, zone).utcoffset() != clinic_time.local(one.starts_at).utcoffset()
    )
    return AppointmentRow(
        one,
        clinic_time.day_in_words(one.starts_at),
        clinic_time.hour_in_words(one.starts_at),
        clinic_time.hour_in_words(one.ends_at),
        clinic_time.zone_in_words(one.starts_at),
        clinic_time.time_in_words(one.starts_at, zone) if differs else "",
        _state(one),
        _actions(one),
    )


def _state(one: Appointment) -> str:
    if one.state == Appointment.State.OFFERED and not one.is_upcoming:
        return _("Offered, not taken in time")
    if one.state == Appointment.State.OFFERED and not is_free(one.slots):
        return _("Offered; meanwhile another patient has taken this time")
    return str(Appointment.State(one.state).label)


def _actions(one: Appointment) -> tuple[str, ...]:
    if one.is_booked and not one.is_upcoming:
        return ("no-show",)
    if not one.is_upcoming:
        return ()
    return {
        Appointment.State.OFFERED: ("confirm-time", "withdraw-offer"),
        Appointment.State.TAKEN: ("confirm-time", "cancel-time"),
        Appointment.State.CONFIRMED: ("cancel-time",),
    }.get(Appointment.State(one.state), ())
