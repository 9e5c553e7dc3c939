"""What is prepared, and what staff and others do meanwhile, run inside the site; called through `Somebody`."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from screening.inquiries import services
from screening.models import Appointment, Inquiry
from screening.outbox import queue
from tests.builders import draft, draft_cookie, inquiry, upcoming


def finished_draft(condition: str, changed: dict) -> str:
    """Save answers as begun a minute ago; return the value of the draft cookie."""
    return draft_cookie(draft(condition, **changed))


def offer_times(reference: str, days: int) -> None:
    """Offer a call, a video call and a visit, which begin ``days`` days from now, at times that nobody else has."""
    others = timedelta(minutes=5) * Appointment.objects.count()
    times = [
        upcoming(days, minutes=5, after=others),
        upcoming(days + 1, minutes=5, kind="video", link="https://meet.example/room", after=others),
        upcoming(days + 2, minutes=5, kind="visit", after=others),
    ]
    services.offer_times(_inquiry(reference), times, User.objects.get(username="staff"))


def confirm_the_first(reference: str) -> None:
    made = _inquiry(reference)
    services.confirm(made, made.appointments.all()[0].pk, User.objects.get(username="staff"))


def take_the_first_for_somebody_else(reference: str) -> None:
    first = _inquiry(reference).appointments.all()[0]
    rival = inquiry(email="rival@example.com")
    time = services.Time(first.starts_at, first.minutes, first.kind)
    (offered,) = services.offer_times(rival, [time], User.objects.get(username="staff"))
    services.take(rival.pk, offered.pk, "")


def remind(reference: str) -> int:
    """Queue the reminders as two hours before this inquiry's appointment.

    At one moment only: a later one would drop what the worker has not sent yet.
    """
    appointments = Appointment.objects.booked().filter(inquiry__reference=reference)
    appointments.update(changed_at=timezone.now() - timedelta(days=7))
    return queue.queue_appointment_reminders(appointments.get().starts_at - timedelta(hours=2))


def _inquiry(reference: str) -> Inquiry:
    return Inquiry.objects.get(reference=reference)
