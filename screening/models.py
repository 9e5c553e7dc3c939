"""What is kept. What patients and staff wrote is sealed; `records`, `drafts` and the worker are the only writers."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
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


class Turn(models.IntegerChoices):
    """Whom an open inquiry waits for, as its status says."""

    OURS = 0, _("Waiting for us")
    PATIENT = 1, _("Waiting for patient")
    NOBODY = 2, _("Closed")


_OURS = (Status.NEW, Status.IN_REVIEW)
TURN = Case(
    When(status__in=_OURS, then=Value(Turn.OURS.value)),
    When(status=Status.CLOSED, then=Value(Turn.NOBODY.value)),
    default=Value(Turn.PATIENT.value),
)


def turn_of(status: str) -> Turn:
    """The same outside the database."""
    if status in _OURS:
        return Turn.OURS
    return Turn.NOBODY if status == Status.CLOSED else Turn.PATIENT


# The promise is the same for all who wrote on one day; among them the order is that of arrival.
INBOX_ORDER = ("turn", "reply_due_at", "received_at", "id")

WARNED_BEFORE = timedelta(days=7)  # so long before an inquiry is erased staff are told


class Draft(models.Model):
    """Unfinished answers; ``consent`` names the text that was agreed to, as `wording.consent_shown` does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = SealedField()
    consent = models.CharField(max_length=80)
    started_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)


class Tally(models.Model):
    """How often one client has posted within ten minutes; see `limits`. Of the client there is a keyed hash."""

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
        """Those whose blind index holds every token. Joined: an inquiry has a token once, so none is found twice."""
        found = self
        for token in tokens:
            found = found.filter(tokens__token=token)
        return found

    def open(self):
        return self.filter(turn__lt=Turn.NOBODY)

    def closed(self):
        return self.filter(turn=Turn.NOBODY)

    def waiting_for_us(self):
        return self.filter(turn=Turn.OURS)

    def waiting_for_patient(self):
        return self.filter(turn=Turn.PATIENT)

    def unread(self):
        """Open ones that no member of staff has opened."""
        return self.open().filter(first_opened_at=None)

    def overdue(self, now: datetime):
        """Open ones without a first reply whose promised time is over."""
        return self.open().filter(first_reply_at=None, reply_due_at__lt=now)

    def assigned_to(self, user):
        """All of a member of staff, closed ones too: put ``open()`` behind it for what is to be done."""
        return self.filter(assignee=user)

    def not_shut(self):
        """Without those that were taken back while on legal hold: they are Managers' alone."""
        return self.exclude(closed_as=ClosedAs.WITHDRAWN, held_since__isnull=False)

    def to_be_erased(self, now: datetime):
        """Those whose last contact lies RETENTION_DAYS back, whatever their status, and that nobody holds.

        Where there was no contact, the day counts on which the inquiry came.
        """
        end = now - timedelta(days=settings.RETENTION_DAYS)
        # Every contact comes after the arrival, so the first condition narrows the search to old ones by their index.
        came_long_ago = self.filter(received_at__lt=end, held_since=None)
        return came_long_ago.filter(Q(last_contact_at=None) | Q(last_contact_at__lt=end))

    def soon_erased(self, now: datetime):
        """Those that this will happen to within a week, unless somebody writes, calls or holds them."""
        return self.to_be_erased(now + WARNED_BEFORE).exclude(closed_as=ClosedAs.WITHDRAWN)

    def longest_waiting_first(self):
        """Those that wait for us before the others, open before closed, the earliest promise first.

        Nothing else counts. Every one of the words above is read in this order from an index, without sorting.
        """
        return self.order_by(*INBOX_ORDER)


class Inquiry(models.Model):
    """What a patient sent. The answers never change; contact details may be corrected.

    ``turn`` follows from the status inside the database. An object that was saved still shows its former turn until
    it is read again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft_id = models.UUIDField(unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, editable=False)
    received_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    wording = models.ForeignKey(WordingVersion, on_delete=models.PROTECT, related_name="+", editable=False)
    answers = SealedField(null=True, editable=False)
    contact = SealedField(null=True, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.NEW)
    closed_as = models.CharField(_("closed as"), max_length=20, choices=ClosedAs, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,  # inquiry_of_assignee begins with it
    )
    first_opened_at = models.DateTimeField(null=True, editable=False)
    reply_due_at = models.DateTimeField(_("reply due"), editable=False)
    first_reply_at = models.DateTimeField(_("first reply"), null=True, editable=False)
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
            # With what the inbox can be narrowed to behind its order, so that rows left out are not even looked up.
            models.Index(fields=(*INBOX_ORDER, "language", "status"), name="inquiry_inbox"),
            models.Index(fields=("assignee", *INBOX_ORDER, "language", "status"), name="inquiry_of_assignee"),
            # All that the front page counts by.
            models.Index(fields=("received_at", "first_reply_at", "reply_due_at"), name="inquiry_by_arrival"),
            models.Index(fields=INBOX_ORDER, condition=Q(first_opened_at=None), name="inquiry_unread"),
            models.Index(fields=INBOX_ORDER, condition=Q(first_reply_at=None), name="inquiry_unanswered"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_withdrawn(self) -> bool:
        """Taken back: nobody works on it any more, and but for a legal hold it is erased."""
        return self.closed_as == ClosedAs.WITHDRAWN

    @property
    def is_on_hold(self) -> bool:
        return self.held_since is not None

    @property
    def is_erased(self) -> bool:
        return self.is_withdrawn and not self.is_on_hold

    @property
    def awaits_first_reply(self) -> bool:
        """Whether the promised time still runs, or has run out: closing or replying ends it."""
        return self.status != Status.CLOSED and self.first_reply_at is None


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
    token = models.CharField(max_length=32)

    class Meta:
        # In this order it answers a search by itself.
        constraints = [models.UniqueConstraint(fields=["token", "inquiry"], name="one_inquiry_a_token")]


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
    """A remark of a member of staff, an addendum included; ``kind`` says on what occasion."""

    class Kind(models.TextChoices):
        REMARK = "remark", _("Note")
        CALL = "call", _("Call")
        REOPENED = "reopened", _("Reason for reopening")
        HELD = "held", _("Reason for the legal hold")
        HOLD_LIFTED = "hold-lifted", _("Reason for lifting the legal hold")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.REMARK)
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
        MOVE_UNDONE = "move-undone", _("Status change undone")
        ASSIGNED = "assigned", _("Assigned")
        CONTACT_CORRECTED = "contact-corrected", _("Contact details corrected")
        CALLED = "called", _("Call logged")
        LETTER_OWED = "letter-owed", _("Letter written")
        LETTER_SENT = "letter-sent", _("Letter sent")
        LETTER_FAILED = "letter-failed", _("Letter could not be sent")
        LETTER_RETRIED = "letter-retried", _("Letter to be tried again")
        LETTER_SET_ASIDE = "letter-set-aside", _("Failed letter set aside")
        EXPORTED = "exported", _("Exported")
        COPY_ASKED = "copy-asked", _("Copy asked for by the patient")
        HELD = "held", _("Put on legal hold")
        HOLD_LIFTED = "hold-lifted", _("Legal hold lifted")
        WITHDRAWN = "withdrawn", _("Withdrawn by the patient")
        ERASED = "erased", _("Erased because the patient asked for it")

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

    def given_up(self):
        """Those that could not be sent in all their time, until staff have them tried again or set them aside."""
        return self.filter(set_aside_at=None).exclude(gave_up_at=None)

    def age_of_oldest_unsent(self) -> int | None:
        """In seconds; None when nothing waits."""
        oldest = self.unsent().order_by("owed_at").values_list("owed_at", flat=True).first()
        return oldest and int((timezone.now() - oldest).total_seconds())


class Letter(models.Model):
    """A mail that is owed: which letter, about which inquiry. Address and text are made when it is sent, never kept.

    What a member of staff wrote into it is kept, sealed: ``free_text``, and who: ``author``. A letter to staff that is
    about no single inquiry, such as the digest, has none.
    """

    TO_STAFF = ("new-inquiry", "withdrawn", "overdue", "digest")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inquiry = models.ForeignKey(Inquiry, null=True, on_delete=models.CASCADE, related_name="letters")
    name = models.CharField(max_length=50)
    free_text = SealedField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    owed_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry"], condition=Q(name="overdue"), name="one_reminder_an_inquiry"),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, gave_up_at=None), name="letters_unsent"),
            models.Index(
                fields=["gave_up_at"], condition=Q(set_aside_at=None) & ~Q(gave_up_at=None), name="letters_given_up"
            ),
        ]

    @property
    def is_from_staff(self) -> bool:
        """Whether a member of staff wrote it to the patient, if with no paragraph of their own; so it is a reply."""
        return self.free_text is not None


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
