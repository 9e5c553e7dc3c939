"""The words that patients read, and that they agreed to them."""

from django.db import models
from django.utils import timezone


class WordingVersion(models.Model):
    """All questions, options, criteria and the consent as they were shown, in every language; kept once."""

    digest = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField()
    first_used_at = models.DateTimeField(default=timezone.now)


class Consent(models.Model):
    """Evidence that consent was given; it outlives the inquiry's erasure. ``proof`` is a keyed hash of the contact."""

    reference = models.CharField(max_length=16, unique=True)
    wording = models.ForeignKey(WordingVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    proof = models.CharField(max_length=32)
