"""Recovery codes, for who has no phone at hand: ten of twelve digits, each good once. Only keyed hashes are kept."""

import secrets

from django.contrib.auth.models import AbstractBaseUser
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from screening.privacy.blind_index import blind_index

COUNT = 10
DIGITS = 12


def is_recovery_code(code: str) -> bool:
    return len(code) == DIGITS


def hash_code(user: AbstractBaseUser, code: str) -> str:
    """What the database holds in place of the code: as much as its column takes."""
    return blind_index("recovery code", f"{user.pk}\0{code}")[:16]


def generate_codes(user: AbstractBaseUser) -> list[str]:
    """Ten new ones in place of all former ones; nobody can read them again."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}" for _ in range(COUNT)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=hash_code(user, code)) for code in codes)
    return codes


def remaining_codes(user: AbstractBaseUser) -> int:
    return StaticToken.objects.filter(device__user=user).count()
