"""What a patient has not sent yet, and how often one client posts."""

import uuid

from django.db import models
from django.utils import timezone

from screening.privacy.encryption import EncryptedField


class Draft(models.Model):
    """Unfinished answers.

    ``consent`` names the text that was agreed to, as `wording_versions.consent_version` does. ``rejected_input`` is
    what was typed on a page that could not be accepted, until it is shown again: see `rejected_input`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = EncryptedField(min_size=8192)
    rejected_input = EncryptedField(null=True, min_size=8192)
    consent = models.CharField(max_length=80)
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()  # no index: a day's drafts are few, and each page of answers would change it


class Tally(models.Model):
    """How often one client has posted within ten minutes; see `limits`. Of the client there is a keyed hash."""

    client = models.CharField(primary_key=True, max_length=32)
    times = models.PositiveIntegerField()
    ends_at = models.DateTimeField()
