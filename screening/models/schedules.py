"""What the worker does by the clock, and what no backup may undo."""

from django.db import models


class Schedule(models.Model):
    """Something the worker does by the clock; whoever holds the lease does it."""

    name = models.CharField(primary_key=True, max_length=50)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
