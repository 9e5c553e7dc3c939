"""Inquiries, and their blind index."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.models.consent import WordingVersion
from screening.models.querysets import INBOX_ORDER, InquiryQuerySet
from screening.models.status import TURN, ClosedAs, Status, Turn
from screening.privacy.blind_index import BlindIndexField
from screening.privacy.encryption import EncryptedField


class Inquiry(models.Model):
    """What a patient sent. The answers never change; contact details may be corrected.

    ``unanswered_since`` is when the patient first wrote what has no reply yet; None if all of it has one. The database
    generates ``turn`` from the status: after save(), an instance has the old value until it is refreshed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft_id = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    wording = models.ForeignKey(
        WordingVersion, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    answers = EncryptedField(null=True, editable=False, min_size=8192)
    contact = EncryptedField(null=True, editable=False, min_size=1024)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NEW)
    closed_as = models.CharField(_("closed as"), max_length=20, choices=ClosedAs, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,  # the index inquiry_of_assignee begins with it
    )
    first_opened_at = models.DateTimeField(null=True, editable=False)
    reply_due_at = models.DateTimeField(_("reply due"), editable=False)
    first_reply_at = models.DateTimeField(_("first reply"), null=True, editable=False)
    unanswered_since = models.DateTimeField(null=True, editable=False)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, editable=False)
    held_since = models.DateTimeField(_("on legal hold since"), null=True, editable=False)
    turn = models.GeneratedField(
        expression=TURN,
        output_field=models.PositiveSmallIntegerField(choices=Turn),
        db_persist=True,
        verbose_name=_("turn"),
    )

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [
            ("assign_inquiry", "Can assign an inquiry to others"),
            ("export_inquiry", "Can export inquiries"),
            ("hold_inquiry", "Can put an inquiry on legal hold"),
            ("erase_inquiry", "Can erase an inquiry on request"),
            ("view_all_events", "Can see what all staff did"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="inquiry_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_as__in=ClosedAs.values)
                | (~Q(status=Status.CLOSED) & Q(closed_as="")),
                name="inquiry_closed_with_a_reason",
            ),
        ]
        indexes = [
            # The inbox order, then the columns of its filters, so that filtered rows are skipped in the index.
            models.Index(fields=(*INBOX_ORDER, "language", "status"), name="inquiry_inbox"),
            models.Index(fields=("assignee", *INBOX_ORDER, "language", "status"), name="inquiry_of_assignee"),
            # Covers the figures of the front page.
            models.Index(fields=("received_at", "first_reply_at", "reply_due_at"), name="inquiry_by_arrival"),
            models.Index(fields=INBOX_ORDER, condition=Q(first_opened_at=None), name="inquiry_unread"),
            models.Index(fields=INBOX_ORDER, condition=Q(unanswered_since__isnull=False), name="inquiry_unanswered"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn: it is closed, and erased unless it is on legal hold."""
        return self.closed_as == ClosedAs.WITHDRAWN

    @property
    def is_on_hold(self) -> bool:
        return self.held_since is not None

    @property
    def is_erased(self) -> bool:
        return self.is_withdrawn and not self.is_on_hold

    @property
    def awaits_reply(self) -> bool:
        """Whether it is open and something that the patient wrote has no reply."""
        return self.status != Status.CLOSED and self.unanswered_since is not None


class IndexToken(models.Model):
    """One blind-index token of an inquiry: see `inquiries/search.py`."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="tokens")
    token = BlindIndexField()

    class Meta:
        # With the token first, the constraint's index serves searches.
        constraints = [models.UniqueConstraint(fields=["token", "inquiry"], name="one_inquiry_a_token")]
