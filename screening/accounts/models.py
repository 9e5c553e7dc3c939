"""Staff accounts, their authenticator apps, enrolment links, and calendar feeds."""

import uuid
from base64 import b32decode, b32encode
from datetime import datetime, timedelta
from os import urandom
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from screening.privacy.blind_index import BlindIndexField
from screening.privacy.encryption import EncryptedField

LINK_LIFETIME = timedelta(hours=24)


def new_key() -> str:
    """160 random bits in base32, as authenticator apps read it."""
    return b32encode(urandom(20)).decode()


class Member(User):
    """Django's user as a member of staff. Never deleted, since events refer to it."""

    class Meta:
        proxy = True
        default_permissions = ("view", "add", "change")
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff accounts")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def group_name(self) -> str:
        """The group's name as in `permissions`; empty if there is none."""
        return next((group.name for group in self.groups.all()), "")

    @property
    def is_enrolled(self) -> bool:
        has_app = Authenticator.objects.filter(user_id=self.pk).exists()
        return has_app or Passkey.objects.filter(user_id=self.pk, confirmed=True).exists()


class IdAsInteger(models.Model):
    """A device of django-otp with a UUID, as an integer, since `Device.from_persistent_id` reads only integers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @property
    def persistent_id(self) -> str:
        return f"{self._meta.app_label}.{self._meta.model_name}/{self.pk.int}"


class Authenticator(IdAsInteger, TimestampMixin, ThrottlingMixin, Device):
    """An authenticator app (TOTP). Like django-otp's own device, but with an encrypted key."""

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Authenticator"]]
        _default_manager: ClassVar[models.Manager["Authenticator"]]
        throttling_failure_count: int

    # At this count the throttle is about four minutes; an unlimited count would lock the owner out for days.
    MAX_FAILURE_COUNT = 9

    key = EncryptedField()
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_app_a_member")]

    def clock(self) -> TOTP:
        return TOTP(b32decode(self.key))

    def accept_code(self, code: str) -> bool:
        """Whether the code is the current one, up to 30 seconds early or late, and unused. Sets ``last_step``."""
        clock = self.clock()
        if not (code.isascii() and code.isdigit() and clock.verify(int(code), 1, self.last_step + 1)):
            return False
        self.last_step = clock.t()
        return True

    def verify_token(self, token: str) -> bool:
        is_allowed, _why = self.verify_is_allowed()
        if not is_allowed:
            return False
        if self.accept_code(token):
            self.throttle_reset(commit=False)
            self.set_last_used_timestamp(commit=False)
            self.save()
            return True
        self.throttle_increment()
        return False

    def get_throttle_factor(self) -> int:
        return 1

    def throttle_increment(self, commit: bool = True) -> None:
        super().throttle_increment(commit=False)
        self.throttling_failure_count = min(self.throttling_failure_count, self.MAX_FAILURE_COUNT)
        if commit:
            self.save()


class Passkey(IdAsInteger, TimestampMixin, Device):
    """A passkey (WebAuthn), with the name that its owner gave it. Nothing in it is secret.

    ``confirmed`` is false until its enrolment is finished. ``last_challenge`` orders the sign-ins: one with an earlier
    challenge is a repetition.
    """

    if TYPE_CHECKING:
        objects: ClassVar[models.Manager["Passkey"]]
        _default_manager: ClassVar[models.Manager["Passkey"]]

    credential_id = models.CharField(max_length=1400, unique=True)
    public_key = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    last_challenge = models.BigIntegerField(default=0)


class Enrolment(models.Model):
    """An open enrolment link. An account has at most one, which is deleted when it is used.

    ``password`` is the hash of the chosen password, until a code proves that the app works.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    made_at = models.DateTimeField(default=timezone.now)
    key = EncryptedField(default=new_key)
    password = EncryptedField(null=True)

    @property
    def ends_at(self) -> datetime:
        return self.made_at + LINK_LIFETIME

    @property
    def is_open(self) -> bool:
        return timezone.now() < self.ends_at and self.member.is_active and self.member.is_staff


class CalendarFeed(models.Model):
    """The address by which a member's calendar program fetches appointments: a keyed hash of its token."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    token = BlindIndexField(unique=True)
    made_at = models.DateTimeField(default=timezone.now)
