"""Appointments as iCalendar (RFC 5545, 5546), for calendar programs: in UTC, with the reference as title, no name.

A file is published, not an invitation, so that it names no attendee. The same UID with a higher SEQUENCE moves the
entry, METHOD:CANCEL removes it.
"""

from collections.abc import Iterable

from django.conf import settings
from icalendar import Calendar, Event

from screening.models import Appointment

PUBLISH, CANCEL = "PUBLISH", "CANCEL"

_PRODUCT = "-//crc-site//appointments//EN"
_STATUS = {
    Appointment.State.TAKEN: "TENTATIVE",
    Appointment.State.CONFIRMED: "CONFIRMED",
    Appointment.State.CANCELLED: "CANCELLED",
    Appointment.State.NO_SHOW: "CANCELLED",
}


def method_of(appointment: Appointment) -> str:
    return PUBLISH if appointment.is_booked else CANCEL


def calendar_file(appointment: Appointment) -> str:
    """The file about one appointment, as it stands; the same whenever it is made, until the appointment changes."""
    return _calendar([appointment], method_of(appointment))


def calendar_feed(appointments: Iterable[Appointment]) -> str:
    """All of them in one file, for a program that fetches it again and again."""
    return _calendar(appointments, PUBLISH)


def _calendar(appointments: Iterable[Appointment], method: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for appointment in appointments:
        calendar.add_component(_event(appointment))
    content: bytes = calendar.to_ical()
    return content.decode()


def _event(appointment: Appointment) -> Event:
    event = Event()
    event.add("uid", str(appointment.pk))
    event.add("dtstamp", appointment.changed_at)
    event.add("last-modified", appointment.changed_at)
    event.add("sequence", appointment.sequence)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", appointment.inquiry.reference)
    event.add("organizer", f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    event.add("status", _STATUS[Appointment.State(appointment.state)])
    event.add("class", "PRIVATE")
    return event
