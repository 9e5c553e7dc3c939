"""The status of an inquiry, and whose turn it is."""

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """The status of an inquiry. Administrative only: no value says anything about a person's health."""

    NEW = "new", _("New")
    IN_REVIEW = "in-review", _("In review")
    WAITING = "waiting", _("Waiting for patient")
    OFFERED = "offered", _("Consultation offered")
    CLOSED = "closed", _("Closed")


class ClosedAs(models.TextChoices):
    BOOKED = "booked", _("Booked")
    NO_REPLY = "no-reply", _("No reply")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DUPLICATE = "duplicate", _("Duplicate")
    NOT_GOING_AHEAD = "not-going-ahead", _("Not going ahead")
    SPAM = "spam", _("Spam")


class Turn(models.IntegerChoices):
    """Whom an inquiry waits for; follows from its status."""

    OURS = 0, _("Waiting for us")
    PATIENT = 1, _("Waiting for patient")
    NOBODY = 2, _("Closed")


_OURS = (Status.NEW, Status.IN_REVIEW)
TURN = Case(
    When(status__in=_OURS, then=Value(Turn.OURS.value)),
    When(status=Status.CLOSED, then=Value(Turn.NOBODY.value)),
    default=Value(Turn.PATIENT.value),
)


def turn_of(status: str) -> Turn:
    """The turn of a status, computed as in `TURN`."""
    if status in _OURS:
        return Turn.OURS
    return Turn.NOBODY if status == Status.CLOSED else Turn.PATIENT
