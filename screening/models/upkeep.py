"""What the worker does by the clock, and what no backup may undo."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class Schedule(models.Model):
    """Something the worker does by the clock; whoever holds the lease does it."""

    name = models.CharField(primary_key=True, max_length=50)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)


class LedgerEntry(models.Model):
    """What no backup may undo: that an inquiry was taken back, erased or held. See `ledger`, which files it.

    ``token`` is a keyed hash of the inquiry's id, by which it is known again and by which nobody is found.
    """

    class What(models.TextChoices):
        HELD = "held"
        LIFTED = "lifted"
        SHUT = "shut"  # taken back while on hold
        WITHDRAWN = "withdrawn"
        ERASED = "erased"  # on request
        PURGED = "purged"

    token = models.CharField(max_length=32)
    what = models.CharField(max_length=20, choices=What)
    at = models.DateTimeField(default=timezone.now)
    is_filed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(is_filed=False), name="ledger_unfiled")]
