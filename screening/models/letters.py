"""The outbox: letters to be sent."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.appointments import Appointment
from screening.models.inquiries import Inquiry
from screening.privacy.encryption import EncryptedField

# No letter is leased or waits for its next try that long: a time further ahead was written while a clock was wrong.
_AHEAD = timedelta(hours=1)


class LetterQuerySet(models.QuerySet):
    def unsent(self) -> Self:
        return self.filter(sent_at=None, gave_up_at=None)

    def due(self) -> Self:
        now = timezone.now()
        is_leased = Q(leased_until__gte=now, leased_until__lte=now + _AHEAD)
        is_waiting = Q(next_try_at__gt=now, next_try_at__lte=now + _AHEAD)
        return self.unsent().filter(Q(leased_until=None) | ~is_leased).exclude(is_waiting)

    def failed(self) -> Self:
        """Letters whose retries ran out, until staff retry them or set them aside."""
        return self.filter(set_aside_at=None).exclude(gave_up_at=None)

    def age_of_oldest_unsent(self) -> int | None:
        """In seconds; None if every letter was sent."""
        oldest = self.unsent().order_by("owed_at").values_list("owed_at", flat=True).first()
        return oldest and int((timezone.now() - oldest).total_seconds())


class Letter(models.Model):
    """A letter in the outbox: its name and inquiry. The address and text are rendered when it is sent, never stored.

    ``free_text`` is the encrypted paragraph of ``author``, a member of staff. A letter about several inquiries,
    such as the digest, has no inquiry. One about an ``appointment`` says how that stands when it is sent.
    ``within_limit`` is whether the daily limit of its address let it pass (see `outbox/daily_limit.py`); None if it is
    not limited, or has not been tried.
    """

    TO_STAFF = (
        "new-inquiry",
        "replied",
        "appointment",
        "withdrawn",
        "overdue",
        "digest",
        "purge-stopped",
        "watch-stopped",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, null=True, on_delete=models.CASCADE, related_name="letters")
    appointment = models.ForeignKey(
        Appointment, null=True, on_delete=models.CASCADE, related_name="letters", db_index=False
    )
    name = models.CharField(max_length=50)
    free_text = EncryptedField(null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    owed_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    within_limit = models.BooleanField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=Q(name="overdue"), name="one_reminder_an_inquiry"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, gave_up_at=None), name="letters_unsent"),
            models.Index(fields=["appointment"], condition=Q(appointment__isnull=False), name="letters_of_appointment"),
            models.Index(
                fields=["gave_up_at"], condition=Q(set_aside_at=None) & ~Q(gave_up_at=None), name="letters_given_up"
            ),
        ]

    @property
    def is_withheld(self) -> bool:
        """Whether it was not sent because its address had had its mails of the day."""
        return self.within_limit is False

    @property
    def is_from_staff(self) -> bool:
        """Whether staff sent it to the patient, with or without a paragraph of their own, so that it is a reply."""
        return self.free_text is not None
