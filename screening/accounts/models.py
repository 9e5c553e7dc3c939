"""Accounts of staff: who they are, what makes their one-time codes, and the link by which they set both up."""

import uuid
from base64 import b32decode, b32encode
from datetime import timedelta
from os import urandom

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from screening.privacy.encryption import EncryptedField

LINK_LIFETIME = timedelta(hours=24)


def new_key() -> str:
    """160 random bits, in the letters that authenticator apps take."""
    return b32encode(urandom(20)).decode()


class Member(User):
    """An account of Django's as a member of staff. Nobody deletes one, since events name those who acted."""

    class Meta:
        proxy = True
        default_permissions = ("view", "add", "change")
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff accounts")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def group_name(self) -> str:
        """The group's, as `rights` names it; empty where an account has none."""
        return next((group.name for group in self.groups.all()), "")

    @property
    def is_enrolled(self) -> bool:
        return Authenticator.objects.filter(user_id=self.pk).exists()


class Authenticator(TimestampMixin, ThrottlingMixin, Device):
    """An app that shows a code by the clock (TOTP). As django-otp's own device, but with a sealed key."""

    # After so many wrong codes each further one costs about four minutes; more would lock the owner out for days.
    MOST_COUNTED = 9

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = EncryptedField()
    last_step = models.BigIntegerField(default=-1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_app_a_member")]

    @property
    def persistent_id(self) -> str:
        """As `Device.from_persistent_id` reads it, which takes whole numbers only."""
        return f"{self.model_label()}/{self.pk.int}"

    def clock(self) -> TOTP:
        return TOTP(b32decode(self.key))

    def takes(self, code: str) -> bool:
        """Whether the code is that of this moment, half a minute early or late, and was not taken before."""
        clock = self.clock()
        if not (code.isascii() and code.isdigit() and clock.verify(int(code), 1, self.last_step + 1)):
            return False
        self.last_step = clock.t()
        return True

    def verify_token(self, token: str) -> bool:
        is_allowed, _why = self.verify_is_allowed()
        if not is_allowed:
            return False
        if self.takes(token):
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
        self.throttling_failure_count = min(self.throttling_failure_count, self.MOST_COUNTED)
        if commit:
            self.save()


class Enrolment(models.Model):
    """A link made for a member of staff, who has one at most. It is gone once it was used.

    ``password`` is the hash of what they chose, until a code shows that their app works too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    made_at = models.DateTimeField(default=timezone.now)
    key = EncryptedField(default=new_key)
    password = EncryptedField(null=True)

    @property
    def ends_at(self):
        return self.made_at + LINK_LIFETIME

    @property
    def is_open(self) -> bool:
        return timezone.now() < self.ends_at and self.member.is_active and self.member.is_staff
