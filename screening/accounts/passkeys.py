"""Passkeys (WebAuthn) of staff: registered on the enrolment link, and used in place of password and one-time code.

A passkey proves two things, the device and, since user verification is required, the person's finger, face or PIN.
Challenges are signed and hold their time, so that none is stored; a passkey accepts each later one once.

`webauthn` is imported where it is used: it takes 7 MB and a tenth of a second, and most processes never need it.
"""

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from screening.accounts.models import Enrolment, Passkey

AT_MOST = 10  # a person
NAME_LENGTH = 40
_CHALLENGE_AGE = timedelta(minutes=10).total_seconds() * 1e9  # nanoseconds
_SIGN_IN = "sign-in"


class NotAccepted(Exception):
    """The browser's answer is not that of a passkey of ours to a challenge of ours."""


def registration_options(enrolment: Enrolment) -> str:
    """What the browser needs to make a passkey, as JSON."""
    import webauthn

    member = enrolment.member
    structs = webauthn.helpers.structs
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=settings.CLINIC_NAME,
        user_name=member.get_username(),
        # Says nothing about the person, and the same for all of an account's passkeys.
        user_id=str(member.pk).encode(),
        challenge=_challenge(enrolment.pk.hex),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=_bytes(passkey.credential_id)) for passkey in pending(enrolment)
        ],
    )
    return webauthn.options_to_json(options)


def register(enrolment: Enrolment, answer: str, name: str) -> None:
    """Keep a new passkey for the end of the enrolment. Raises NotAccepted."""
    import webauthn

    try:
        credential = webauthn.helpers.parse_registration_credential_json(answer)
        challenge, _issued_at = _challenge_of(credential.response.client_data_json, enrolment.pk.hex)
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=settings.SITE_URL,
            require_user_verification=True,
        )
        with transaction.atomic():
            if pending(enrolment).count() >= AT_MOST:
                raise NotAccepted
            Passkey.objects.create(
                user_id=enrolment.member_id,
                name=name,
                confirmed=False,
                credential_id=_text(verified.credential_id),
                public_key=_text(verified.credential_public_key),
                sign_count=verified.sign_count,
            )
    except (webauthn.helpers.exceptions.WebAuthnException, IntegrityError, ValueError) as error:
        raise NotAccepted from error


def pending(enrolment: Enrolment) -> QuerySet[Passkey]:
    """The passkeys of an enrolment that is not finished, oldest first."""
    return Passkey.objects.filter(user_id=enrolment.member_id, confirmed=False).order_by("created_at", "pk")


def sign_in_options() -> str:
    """What the browser needs to use a passkey, as JSON. It names no account: the passkey does."""
    import webauthn

    options = webauthn.generate_authentication_options(
        rp_id=_host(),
        challenge=_challenge(_SIGN_IN),
        user_verification=webauthn.helpers.structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def verify(answer: str) -> Passkey:
    """The passkey that signed this challenge, whose owner may sign in. Raises NotAccepted."""
    import webauthn

    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        challenge, issued_at = _challenge_of(credential.response.client_data_json, _SIGN_IN)
        with transaction.atomic():
            found = Passkey.objects.select_for_update(of=("self",)).select_related("user")
            passkey = found.get(credential_id=_text(credential.raw_id), confirmed=True, last_challenge__lt=issued_at)
            verified = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=_host(),
                expected_origin=settings.SITE_URL,
                credential_public_key=_bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
            if not (passkey.user.is_active and passkey.user.is_staff):
                raise NotAccepted
            passkey.sign_count, passkey.last_challenge = verified.new_sign_count, issued_at
            passkey.set_last_used_timestamp(commit=False)
            passkey.save()
    except (webauthn.helpers.exceptions.WebAuthnException, Passkey.DoesNotExist, ValueError) as error:
        raise NotAccepted from error
    return passkey


def _challenge(purpose: str) -> bytes:
    return _signer(purpose).sign(f"{time.time_ns()}-{secrets.token_hex(16)}").encode()


def _challenge_of(client_data: bytes, purpose: str) -> tuple[bytes, int]:
    """The challenge that the browser signed, if we issued it for this purpose lately, and when, in nanoseconds."""
    import webauthn

    challenge = webauthn.helpers.parse_client_data_json(client_data).challenge
    try:
        issued_at = int(_signer(purpose).unsign(challenge.decode("ascii")).partition("-")[0])
    except signing.BadSignature as error:
        raise NotAccepted from error
    if not 0 <= time.time_ns() - issued_at <= _CHALLENGE_AGE:
        raise NotAccepted
    return challenge, issued_at


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"staff.passkey.{purpose}")


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return urlsafe_b64decode(value)
