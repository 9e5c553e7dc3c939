"""Wording versions, and the proof of consent."""

from django.db import models
from django.utils import timezone


class WordingVersion(models.Model):
    """All questions, options, criteria and the consent text as shown, in every language; one row a version."""

    digest = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField()
    first_used_at = models.DateTimeField(default=timezone.now)


class Consent(models.Model):
    """Proof of consent, kept after the inquiry is erased. ``proof`` is a keyed hash of the contact details."""

    reference = models.CharField(max_length=16, unique=True)
    wording = models.ForeignKey(WordingVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    proof = models.CharField(max_length=32)
