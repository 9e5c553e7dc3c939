"""The conversation between patient and staff, and the codes that open it to the patient."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from screening.models.inquiries import Inquiry
from screening.privacy.encryption import EncryptedField

MAX_MESSAGE_LENGTH = 2000  # characters


class Message(models.Model):
    """A message of the patient (without ``author``), or of a member of staff. ``read_at``: by the patient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="messages")
    is_from_patient = models.BooleanField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    text = EncryptedField(min_size=2048)
    written_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(is_from_patient=True, author__isnull=False), name="patient_no_author"),
        ]


class PatientAccessQuerySet(models.QuerySet["PatientAccess"]):
    def pending(self) -> Self:
        """Those whose code can still be entered."""
        valid = self.filter(opened_at=None, ended_at=None, failures__lt=PatientAccess.MAX_FAILURES)
        return valid.filter(made_at__gt=timezone.now() - PatientAccess.CODE_LIFETIME)

    def expired(self) -> Self:
        return self.filter(made_at__lt=timezone.now() - PatientAccess.RETENTION)


class PatientAccess(models.Model):
    """A code that was mailed to the patient, and the session that it opens.

    The code itself is not stored: it is derived from ``id`` under INDEX_KEY. ``rejected_input`` is a message that was
    not accepted, until the patient sees it again. ``time_zone`` is the one in which they read times.
    ``is_from_reader``: an earlier code was entered in the same browser, so whoever asks reads the mailbox.
    """

    CODE_LIFETIME = timedelta(minutes=15)
    MAX_FAILURES = 5
    RETENTION = timedelta(days=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="accesses")
    made_at = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=40, blank=True)
    rejected_input = EncryptedField(null=True, min_size=2048)
    is_from_reader = models.BooleanField(default=False)

    objects = PatientAccessQuerySet.as_manager()

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None and self.ended_at is None

    @property
    def is_pending(self) -> bool:
        """Whether its code can still be entered."""
        is_valid = timezone.now() - self.made_at < self.CODE_LIFETIME and self.failures < self.MAX_FAILURES
        return is_valid and self.opened_at is None and self.ended_at is None
