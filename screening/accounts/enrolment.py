"""Enrolment links: single-use links to set up an account's password, authenticator app and recovery codes."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice

from screening.accounts import passkeys, recovery_codes
from screening.accounts.audit_trail import AccountEvent, log_event
from screening.accounts.models import Authenticator, CalendarFeed, Enrolment, Passkey

_SALT = "staff.enrolment"


class InvalidLink(Exception):
    """The link was used, replaced, or is too old, or its account is not active."""


class WrongCode(Exception):
    """The code is not the one that the app of this enrolment shows now."""


def create_link(member: AbstractBaseUser, by: AbstractBaseUser | None = None) -> str:
    """Create a link, replacing an earlier one, and return its URL, which is not stored and cannot be shown again."""
    with transaction.atomic():
        Enrolment.objects.filter(member_id=member.pk).delete()
        Passkey.objects.filter(user_id=member.pk, confirmed=False).delete()
        enrolment = Enrolment.objects.create(member_id=member.pk)
        log_event(AccountEvent.LINK_MADE, member, by)
    token = signing.Signer(salt=_SALT).sign(enrolment.pk.hex).replace(":", ".")
    return f"{settings.SITE_URL}{reverse('enrol', args=[token])}"


def open_link(token: str) -> Enrolment:
    """The open enrolment of a link's token. Raises InvalidLink."""
    try:
        enrolment_id = UUID(signing.Signer(salt=_SALT).unsign(token.replace(".", ":", 1)))
    except (signing.BadSignature, ValueError):
        raise InvalidLink from None
    return _get_open(Enrolment.objects.select_related("member"), enrolment_id)


def _get_open(enrolments: QuerySet[Enrolment], enrolment_id: UUID) -> Enrolment:
    found = enrolments.filter(pk=enrolment_id).first()
    if found is None or not found.is_open:
        raise InvalidLink
    return found


def choose_password(enrolment: Enrolment, password: str) -> None:
    """Store the hash in the enrolment; `finish` copies it to the account."""
    enrolment.password = make_password(password)
    enrolment.save(update_fields=["password"])


def finish(enrolment: Enrolment, code: str | None) -> list[str]:
    """Replace the account's credentials if ``code`` is the app's current one; returns the recovery codes.

    None: without an app, by the passkeys of this enrolment. The former password, app, passkeys, recovery codes and
    sessions become invalid, and the link is deleted. Raises WrongCode, also if there is no passkey, and InvalidLink if
    the link ended meanwhile.
    """
    with transaction.atomic():
        locked = _get_open(Enrolment.objects.select_for_update(), enrolment.pk)
        member = locked.member
        app = Authenticator(user_id=member.pk, name="app", key=locked.key)
        new = list(passkeys.pending(locked))
        if not locked.password or not (new if code is None else app.accept_code(code)):
            raise WrongCode
        reset_credentials(member)  # deletes the link and all passkeys too
        if code is not None:
            app.save()
        for passkey in new:
            passkey.confirmed = True
            passkey.save(force_insert=True)
        member.password = locked.password
        member.save(update_fields=["password"])
        codes = recovery_codes.generate_codes(member)
        log_event(AccountEvent.ENROLLED, member)
    return codes


def reset_credentials(member: AbstractBaseUser) -> None:
    """Delete the account's app, passkeys, recovery codes, link, and the address of its calendar feed."""
    for model in (Authenticator, Passkey, StaticDevice):
        model.objects.filter(user_id=member.pk).delete()
    CalendarFeed.objects.filter(member_id=member.pk).delete()
    Enrolment.objects.filter(member_id=member.pk).delete()
