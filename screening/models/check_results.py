"""What the checks of worker and watch found last."""

from datetime import datetime
from typing import Any, Self

from django.db import models


class CheckResult(models.Model):
    """The outcome of the last check of its name: ``problem`` is one sentence, or empty; ``details`` no patient data."""

    BACKUP = "backup"  # details: file, seconds
    CERTIFICATE = "certificate"  # details: expires_at
    WATCH = "watch"  # when `manage.py watch` last looked; no details

    name = models.CharField(primary_key=True, max_length=50)
    checked_at = models.DateTimeField()
    problem = models.CharField(max_length=300)
    details = models.JSONField()

    @classmethod
    def record(cls, name: str, now: datetime, problem: str = "", **details: Any) -> None:
        values = {"checked_at": now, "problem": problem[:300], "details": details}
        cls.objects.update_or_create(name=name, defaults=values)

    @classmethod
    def of(cls, name: str) -> Self | None:
        return cls.objects.filter(name=name).first()
