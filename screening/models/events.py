"""The events of an inquiry. Append-only: deleted only with the inquiry."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.inquiries import Inquiry


class AppendOnly(models.QuerySet):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("Events are never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("Events are never deleted")


class Event(models.Model):
    """Who did what, when. ``detail`` contains names of fields and statuses, never text that a person wrote."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        OPENED = "opened", _("Opened")
        MARKED = "marked", _("Mark changed")
        NOTED = "noted", _("Note added")
        MOVED = "moved", _("Status changed")
        MOVE_UNDONE = "move-undone", _("Status change undone")
        ASSIGNED = "assigned", _("Assigned")
        CONTACT_CORRECTED = "contact-corrected", _("Contact details corrected")
        CALLED = "called", _("Call logged")
        LETTER_OWED = "letter-owed", _("Letter written")
        LETTER_SENT = "letter-sent", _("Letter sent")
        LETTER_FAILED = "letter-failed", _("Letter could not be sent")
        LETTER_RETRIED = "letter-retried", _("Letter to be tried again")
        LETTER_WITHHELD = "letter-withheld", _("Not sent: this address has had its three mails of the day")
        LETTER_SET_ASIDE = "letter-set-aside", _("Failed letter set aside")
        MESSAGE_WRITTEN = "message-written", _("Message to the patient")
        MESSAGE_READ = "message-read", _("Read by the patient")
        MESSAGE_RECEIVED = "message-received", _("Message from the patient")
        TIME_OFFERED = "time-offered", _("Time offered")
        OFFER_WITHDRAWN = "offer-withdrawn", _("Offer of a time withdrawn")
        TIME_TAKEN = "time-taken", _("Time taken by the patient")
        TIMES_ASKED = "times-asked", _("Other times asked for by the patient")
        TIME_CONFIRMED = "time-confirmed", _("Appointment confirmed")
        TIME_MOVED = "time-moved", _("Appointment moved")
        TIME_CANCELLED = "time-cancelled", _("Appointment cancelled")
        NO_SHOW = "no-show", _("The patient was not there")
        CALL_TIME_CHANGED = "call-time-changed", _("Other time to call, wished by the patient")
        EXPORTED = "exported", _("Exported")
        COPY_ASKED = "copy-asked", _("Copy asked for by the patient")
        HELD = "held", _("Put on legal hold")
        HOLD_LIFTED = "hold-lifted", _("Legal hold lifted")
        WITHDRAWN = "withdrawn", _("Withdrawn by the patient")
        ERASED = "erased", _("Erased because the patient asked for it")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    detail = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, db_index=False)
    at = models.DateTimeField(default=timezone.now)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("Events are never changed")
        super().save(*args, **kwargs)
