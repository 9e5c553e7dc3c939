"""The schedule of the worker's periodic tasks."""

from django.db import models


class Schedule(models.Model):
    """When a periodic task is next due, and the lease of the worker that runs it."""

    name = models.CharField(primary_key=True, max_length=50)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
