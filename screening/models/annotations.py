"""What staff write about an inquiry: marks on rows of its sheet, and notes."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.inquiries import Inquiry
from screening.privacy.encryption import EncryptedField


class Mark(models.Model):
    """The progress of staff with one row of the sheet, with a note. Not a judgement of the answer."""

    class Value(models.TextChoices):
        NOT_LOOKED_AT = "not-looked-at", _("Not looked at")
        ASK = "ask", _("Ask")
        DISCUSSED = "discussed", _("Discussed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="marks")
    row = models.CharField(max_length=50)
    value = models.CharField(max_length=20, choices=Value, default=Value.NOT_LOOKED_AT)
    note = EncryptedField(default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, db_index=False)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "row"], name="one_mark_a_row"),
        ]


class Note(models.Model):
    """A note written by staff; ``kind`` is its occasion."""

    class Kind(models.TextChoices):
        REMARK = "remark", _("Note")
        CALL = "call", _("Call")
        REOPENED = "reopened", _("Reason for reopening")
        HELD = "held", _("Reason for the legal hold")
        HOLD_LIFTED = "hold-lifted", _("Reason for lifting the legal hold")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.REMARK)
    text = EncryptedField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, db_index=False)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at"]
