"""Drafts, and counts of posts for the rate limits."""

import uuid

from django.db import models
from django.utils import timezone

from screening.privacy.encryption import EncryptedField


class Draft(models.Model):
    """Unfinished answers of a patient.

    ``consent`` is the `wording_versions.consent_version` of the accepted text. ``rejected_input`` is the input of a
    page that was not accepted, until the page is shown again: see `questionnaire/rejected_input.py`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = EncryptedField(min_size=8192)
    rejected_input = EncryptedField(null=True, min_size=8192)
    consent = models.CharField(max_length=80)
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()  # no index: there are few drafts, and every saved page would update it


class Tally(models.Model):
    """Posts of one client within ten minutes, or mails to one mailbox within four hours; ``client`` is a keyed hash.

    See `questionnaire/rate_limits.py`.
    """

    client = models.CharField(primary_key=True, max_length=32)
    times = models.PositiveIntegerField()
    ends_at = models.DateTimeField()
