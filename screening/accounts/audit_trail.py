"""The audit trail of staff accounts, stored in Django's admin log: who, what, when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice

from screening.accounts.models import Member, Passkey
from screening.accounts.permissions import GROUP_LABELS


class AccountEvent(models.TextChoices):
    MADE = "made", _("Account made")
    LINK_MADE = "link-made", _("Enrolment link made")
    ENROLLED = "enrolled", _("Enrolled: password, and app or passkeys, set up")
    CODES_ENDED = "codes-ended", _("One-time code reset")
    SIGNED_IN = "signed-in", _("Signed in")
    SIGNED_IN_BY_PASSKEY = "signed-in-by-passkey", _("Signed in with a passkey")
    PASSKEY_REMOVED = "passkey-removed", _("Passkey removed")
    SIGNED_IN_BY_RECOVERY = "signed-in-by-recovery", _("Signed in with a recovery code")
    SIGNED_OUT = "signed-out", _("Signed out")
    TIMED_OUT = "timed-out", _("Signed out by the time limit")
    PAUSED = "paused", _("Sign-in paused after five failures")
    FEED_MADE = "feed-made", _("Address for the calendar program made")
    FEED_ENDED = "feed-ended", _("Address for the calendar program ended")
    APPOINTMENTS_SHOWN = "appointments-shown", _("Appointments of a week shown, with names")
    GROUP = "group", _("Group changed")
    DETAILS = "details", _("Name or e-mail changed")
    DEACTIVATED = "deactivated", _("Deactivated")
    REACTIVATED = "reactivated", _("Activated again")
    NAMES_LISTED = "names-listed", _("Saw the list of inquiries with names (once a day)")


@dataclass(frozen=True)
class AuditEntry:
    """One event in the active language; ``by`` is None if the account's owner did it."""

    at: datetime
    what: str
    detail: str
    by: str | None


def log_event(
    event: AccountEvent, member: AbstractBaseUser, by: AbstractBaseUser | None = None, detail: str = ""
) -> None:
    """Add an event of an account; ``detail`` names groups or fields, never typed text."""
    LogEntry.objects.create(
        user_id=(by or member).pk,
        content_type=ContentType.objects.get_for_model(Member, for_concrete_model=False),
        object_id=member.pk,
        object_repr=member.get_username(),
        action_flag=CHANGE,
        change_message=f"{event.value} {detail}".strip(),
    )


def log_once_a_day(event: AccountEvent, member: AbstractBaseUser) -> None:
    """Add an event of the account's owner unless there is one of today."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = LogEntry.objects.filter(user_id=member.pk, object_id=str(member.pk), action_time__gte=today)
    if not mine.filter(change_message=event.value).exists():
        log_event(event, member)


def audit_trail(member: AbstractBaseUser, limit: int = 50) -> list[AuditEntry]:
    """Events of an account, newest first."""
    kind = ContentType.objects.get_for_model(Member, for_concrete_model=False)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(member.pk)).select_related("user")
    return [_audit_entry(entry, member) for entry in entries.order_by("-action_time", "-pk")[:limit]]


def _audit_entry(entry: LogEntry, member: AbstractBaseUser) -> AuditEntry:
    value, _space, detail = entry.change_message.partition(" ")
    by = None if entry.user_id == member.pk else entry.user.get_username()
    return AuditEntry(entry.action_time, str(AccountEvent(value).label), _translate_groups(detail), by)


def _translate_groups(detail: str) -> str:
    """Replace the group names in a detail by their labels in the active language."""
    return " → ".join(str(GROUP_LABELS[name][0]) if name in GROUP_LABELS else name for name in detail.split(" → "))


@receiver(user_logged_in)
def signed_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    by = {StaticDevice: AccountEvent.SIGNED_IN_BY_RECOVERY, Passkey: AccountEvent.SIGNED_IN_BY_PASSKEY}
    log_event(by.get(type(getattr(user, "otp_device", None)), AccountEvent.SIGNED_IN), user)


@receiver(user_logged_out)
def signed_out(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    if user is not None:
        timed_out = getattr(request, "session_ended", None)
        log_event(AccountEvent.TIMED_OUT if timed_out else AccountEvent.SIGNED_OUT, user)
