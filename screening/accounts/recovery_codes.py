"""Recovery codes, for signing in without a phone: ten single-use codes of twelve digits, stored as keyed hashes."""

import secrets

from django.contrib.auth.models import AbstractBaseUser
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from screening.privacy.blind_index import blind_index

COUNT = 10
DIGITS = 12


def is_recovery_code(code: str) -> bool:
    return len(code) == DIGITS


def hash_code(user: AbstractBaseUser, code: str) -> str:
    """The keyed hash stored in place of the code, cut to the length of its column."""
    return blind_index("recovery code", f"{user.pk}\0{code}")[:16]


def generate_codes(user: AbstractBaseUser) -> list[str]:
    """Replace a user's codes by ten new ones; they cannot be read again later."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _ in range(COUNT)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=hash_code(user, code)) for code in codes)
    return codes


def remaining_codes(user: AbstractBaseUser) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())
