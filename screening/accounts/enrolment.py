"""Enrolment links: who holds one sets up password, authenticator app and recovery codes of one account, once."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django_otp.plugins.otp_static.models import StaticDevice

from screening.accounts import recovery_codes
from screening.accounts.audit_trail import AccountEvent, log_event
from screening.accounts.models import Authenticator, Enrolment

_SALT = "staff.enrolment"


class InvalidLink(Exception):
    """The link was used, replaced, or is too old, or its account is not active."""


class WrongCode(Exception):
    """The code is not the one that the app of this enrolment shows now."""


def create_link(member: AbstractBaseUser, by: AbstractBaseUser | None = None) -> str:
    """The address of a new link; a former one ends. It cannot be told again, so whoever asked has to pass it on."""
    with transaction.atomic():
        Enrolment.objects.filter(member_id=member.pk).delete()
        made = Enrolment.objects.create(member_id=member.pk)
        log_event(AccountEvent.LINK_MADE, member, by)
    token = signing.Signer(salt=_SALT).sign(made.pk.hex).replace(":", ".")
    return settings.SITE_URL + reverse("enrol", args=[token])


def open_link(token: str) -> Enrolment:
    """What a genuine link opens; raises LinkEnded for any other."""
    try:
        enrolment_id = UUID(signing.Signer(salt=_SALT).unsign(token.replace(".", ":", 1)))
    except (signing.BadSignature, ValueError):
        raise InvalidLink from None
    return _get_open(Enrolment.objects.select_related("member"), enrolment_id)


def _get_open(enrolments: Any, enrolment_id: UUID) -> Enrolment:
    found = enrolments.filter(pk=enrolment_id).first()
    if found is None or not found.is_open:
        raise InvalidLink
    return found


def choose_password(enrolment: Enrolment, password: str) -> None:
    """Keep its hash; the account has it only when all is done."""
    enrolment.password = make_password(password)
    enrolment.save(update_fields=["password"])


def finish(enrolment: Enrolment, code: str) -> list[str]:
    """With a code of the app all of it counts at once, and the link is gone. Returns the recovery codes.

    What the account had before counts no longer: its password, its app, its recovery codes, its sessions.
    """
    with transaction.atomic():
        held = _get_open(Enrolment.objects.select_for_update(), enrolment.pk)
        member = held.member
        app = Authenticator(user_id=member.pk, name="app", key=held.key)
        if not held.password or not app.takes(code):
            raise WrongCode
        reset_credentials(member)  # and the link with them
        app.save()
        member.password = held.password
        member.save(update_fields=["password"])
        codes = recovery_codes.generate_codes(member)
        log_event(AccountEvent.ENROLLED, member)
    return codes


def reset_credentials(member: AbstractBaseUser) -> None:
    """No app, recovery code or link of this account counts any more."""
    for kept in (Authenticator, StaticDevice):
        kept.objects.filter(user_id=member.pk).delete()
    Enrolment.objects.filter(member_id=member.pk).delete()
