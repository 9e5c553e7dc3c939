"""What is kept. All that a patient or a member of staff wrote is sealed; `records`, `drafts` and `worker` write it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from screening.inquiries.sealed import SealedField


class Status(models.TextChoices):
    """Where an inquiry stands. Administrative words only: none of them says anything about a person's health."""

    NEW = "new", _("New")
    IN_REVIEW = "in-review", _("In review")
    WAITING = "waiting", _("Waiting for patient")
    OFFERED = "offered", _("Consultation offered")
    CLOSED = "closed", _("Closed")


class ClosedAs(models.TextChoices):
    BOOKED = "booked", _("Booked")
    NO_REPLY = "no-reply", _("No reply")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DUPLICATE = "duplicate", _("Duplicate")
    NOT_GOING_AHEAD = "not-going-ahead", _("Not going ahead")
    SPAM = "spam", _("Spam")


class Draft(models.Model):
    """Unfinished answers; ``consent`` names the text that was agreed to, as `wording.consent_shown` does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = SealedField()
    consent = models.CharField(max_length=80)
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)


class Tally(models.Model):
    """How often one client has posted within one hour; see `limits`. The client is a keyed hash that tells nothing."""

    client = models.CharField(primary_key=True, max_length=32)
    times = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)


class WordingVersion(models.Model):
    """All questions, options, criteria and the consent as they were shown, in every language; kept once."""

    digest = models.CharField(primary_key=True, max_length=64)
    content = models.JSONField()
    first_used_at = models.DateTimeField(default=timezone.now)


class InquiryQuerySet(models.QuerySet):
    def bearing(self, tokens: list[str]):
        """Those whose blind index holds every token."""
        found = self
        for token in tokens:
            found = found.filter(pk__in=IndexToken.objects.filter(token=token).values("inquiry"))
        return found

    def longest_waiting_first(self):
        """Those that wait for us before the others, open before closed, oldest first. Nothing else counts."""
        turn = models.Case(
            models.When(status__in=(Status.NEW, Status.IN_REVIEW), then=0),
            models.When(status=Status.CLOSED, then=2),
            default=1,
        )
        return self.alias(turn=turn).order_by("turn", "received_at", "pk")


class Inquiry(models.Model):
    """What a patient sent. The answers never change; contact details may be corrected."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft_id = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    wording = models.ForeignKey(WordingVersion, on_delete=models.PROTECT, related_name="+", editable=False)
    answers = SealedField(null=True, editable=False)
    contact = SealedField(null=True, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NEW)
    closed_as = models.CharField(_("closed as"), max_length=20, choices=ClosedAs, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("assignee"), null=True, blank=True, on_delete=models.SET_NULL
    )
    first_opened_at = models.DateTimeField(null=True, editable=False)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="inquiry_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_as__in=ClosedAs.values)
                | (~Q(status=Status.CLOSED) & Q(closed_as="")),
                name="inquiry_closed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_withdrawn(self) -> bool:
        return self.closed_as == ClosedAs.WITHDRAWN


class Consent(models.Model):
    """Evidence that consent was given; it outlives the inquiry's erasure. ``proof`` is a keyed hash of the contact."""

    reference = models.CharField(max_length=16, unique=True)
    wording = models.ForeignKey(WordingVersion, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    proof = models.CharField(max_length=32)


class IndexToken(models.Model):
    """One blind token of an inquiry: see `search`."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="tokens")
    token = models.CharField(max_length=32, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inquiry", "token"], name="one_token_an_inquiry")]


class Mark(models.Model):
    """How far a member of staff has come with one row of the sheet, with a note. Not a verdict on the answer."""

    class Value(models.TextChoices):
        NOT_LOOKED_AT = "not-looked-at", _("Not looked at")
        ASK = "ask", _("Ask")
        DISCUSSED = "discussed", _("Discussed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="marks")
    row = models.CharField(max_length=50)
    value = models.CharField(max_length=20, choices=Value, default=Value.NOT_LOOKED_AT)
    note = SealedField(default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "row"], name="one_mark_a_row"),
        ]


class Note(models.Model):
    """A remark of a member of staff, an addendum included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="notes")
    text = SealedField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at"]


class AppendOnly(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("Events are never changed")

    def delete(self):
        raise TypeError("Events are never deleted")


class Event(models.Model):
    """Who did what, when: names of fields and statuses, never what a person wrote."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        OPENED = "opened", _("Opened")
        MARKED = "marked", _("Mark changed")
        NOTED = "noted", _("Note added")
        MOVED = "moved", _("Status changed")
        ASSIGNED = "assigned", _("Assigned")
        LETTER_SENT = "letter-sent", _("Letter sent")
        LETTER_FAILED = "letter-failed", _("Letter could not be sent")
        COPY_ASKED = "copy-asked", _("Copy asked for by the patient")
        WITHDRAWN = "withdrawn", _("Withdrawn by the patient")

    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    detail = models.CharField(max_length=200, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("Events are never changed")
        super().save(*args, **kwargs)


class LetterQuerySet(models.QuerySet):
    def unsent(self):
        return self.filter(sent_at=None, gave_up_at=None)

    def due(self):
        now = timezone.now()
        return self.unsent().filter(Q(leased_until=None) | Q(leased_until__lt=now), next_try_at__lte=now)

    def age_of_oldest_unsent(self) -> int | None:
        """In seconds; None when nothing waits."""
        oldest = self.unsent().order_by("owed_at").values_list("owed_at", flat=True).first()
        return oldest and int((timezone.now() - oldest).total_seconds())


class Letter(models.Model):
    """A mail that is owed: which letter, which inquiry. Address and text are made when it is sent, and never kept."""

    TO_STAFF = ("new-inquiry", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="letters")
    name = models.CharField(max_length=50)
    owed_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, gave_up_at=None), name="letters_unsent"),
        ]
