"""Appointments: times that staff offer, what becomes of each, and the five minutes that each one occupies."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.inquiries import Inquiry
from screening.privacy.encryption import EncryptedField

SLOT = timedelta(minutes=5)  # every appointment begins and ends at a multiple of it


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def open_offers(self) -> Self:
        """Offered times that are still to come."""
        return self.filter(state=Appointment.State.OFFERED, starts_at__gt=timezone.now())

    def booked(self) -> Self:
        """Those that a patient has taken and nobody has cancelled."""
        return self.filter(state__in=Appointment.BOOKED)

    def starting_in(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__gte=start, starts_at__lt=end)


class Appointment(models.Model):
    """A time for a consultation, in UTC. It has no text but the link of a video call, which is the clinic's own.

    ``time_zone`` is the one in which the patient took it. ``sequence`` and ``changed_at`` tell calendar programs
    which of two files about it is newer.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("Phone call")
        VIDEO = "video", _("Video call")
        VISIT = "visit", _("Visit to the clinic")

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        TAKEN = "taken", _("Taken, to be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        WITHDRAWN = "withdrawn", _("Offer withdrawn")
        CANCELLED = "cancelled", _("Cancelled")
        NO_SHOW = "no-show", _("Did not take place: the patient was not there")

    BOOKED = (State.TAKEN, State.CONFIRMED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    link = EncryptedField(null=True, min_size=512)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    time_zone = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    sequence = models.PositiveSmallIntegerField(default=0)
    offered_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["offered", "taken", "confirmed", "withdrawn", "cancelled", "no-show"]),
                name="appointment_state_known",
            ),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="appointment_length"),
        ]
        indexes = [models.Index(fields=["starts_at"], name="appointment_by_time")]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def slots(self) -> list[datetime]:
        return slots_of(self.starts_at, self.minutes)

    @property
    def is_booked(self) -> bool:
        return self.state in self.BOOKED

    @property
    def is_upcoming(self) -> bool:
        return self.starts_at > timezone.now()


class BookedSlot(models.Model):
    """Five minutes of a booked appointment. Unique, so that appointments never overlap, on either database."""

    starts_at = models.DateTimeField(unique=True)
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="booked_slots")


def slots_of(starts_at: datetime, minutes: int) -> list[datetime]:
    """The starts of the five minutes that a time occupies, in order."""
    return [starts_at + number * SLOT for number in range(minutes // 5)]


def is_free(slots: Iterable[datetime], *, for_appointment: Appointment | None = None) -> bool:
    """Whether no booked appointment, other than ``for_appointment``, occupies one of these five minutes."""
    found = BookedSlot.objects.filter(starts_at__in=list(slots))
    return not (found.exclude(appointment=for_appointment) if for_appointment else found).exists()
