"""Presenter of the times on the patient's page: what is offered, and their appointments, in the zone they chose."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from screening.inquiries import clinic_time, services
from screening.models import Appointment, Inquiry, PatientAccess, Status

# Why a time was not taken or cancelled, as a query parameter of the page.
TAKEN, OVER, ENDED, CLOSED = "time-taken", "time-over", "offer-ended", "closed-meanwhile"
PROBLEMS = (TAKEN, OVER, ENDED, CLOSED)


@dataclass(frozen=True)
class PatientTime:
    """A time in words. ``at_clinic`` is empty if the patient reads times as they are at the clinic."""

    id: UUID
    day: str
    hour: str
    zone: str
    at_clinic: str
    kind: str
    kind_label: str
    minutes: int
    link: str
    state: str
    may_cancel: bool


@dataclass(frozen=True)
class PatientTimes:
    """``appointments`` are taken, confirmed or cancelled, and not over yet."""

    offers: list[PatientTime]
    appointments: list[PatientTime]
    zone: str
    zones: list[tuple[str, str]]

    @property
    def has_any(self) -> bool:
        return bool(self.offers or self.appointments)

    @property
    def states(self) -> set[str]:
        return {appointment.state for appointment in self.appointments}


def times_of(inquiry: Inquiry, access: PatientAccess) -> PatientTimes:
    now, zone = timezone.now(), zone_of(inquiry, access)
    shown = (*Appointment.BOOKED, Appointment.State.CANCELLED)
    appointments = [one for one in inquiry.appointments.filter(state__in=shown) if one.ends_at > now]
    offers = [] if inquiry.status == Status.CLOSED else services.open_offers(inquiry)
    return PatientTimes(
        [_in_words(offer, zone) for offer in offers],
        [_in_words(appointment, zone) for appointment in appointments],
        zone,
        clinic_time.zone_choices(now),
    )


def zone_of(inquiry: Inquiry, access: PatientAccess) -> str:
    """The time zone chosen in this session, else the one of their last appointment, else the clinic's."""
    if access.time_zone:
        return access.time_zone
    chosen = inquiry.appointments.exclude(time_zone="").order_by("-changed_at").first()
    return chosen.time_zone if chosen else clinic_time.clinic_zone()


def problem_of(text: str) -> str:
    """``text`` if it is one of PROBLEMS, else ""."""
    return text if text in PROBLEMS else ""


def _in_words(one: Appointment, zone: str) -> PatientTime:
    return PatientTime(
        one.pk,
        clinic_time.day_in_words(one.starts_at, zone),
        clinic_time.hour_in_words(one.starts_at, zone),
        clinic_time.zone_in_words(one.starts_at, zone),
        clinic_time.time_in_words(one.starts_at) if zone != clinic_time.clinic_zone() else "",
        one.kind,
        str(Appointment.Kind(one.kind).label),
        one.minutes,
        one.link or "",
        one.state,
        one.is_booked and one.is_upcoming,
    )
