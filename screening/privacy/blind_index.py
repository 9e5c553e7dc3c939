"""The blind index: keyed hashes by which an equal value is found without being stored."""

import hmac

from django.conf import settings


def blind_index(kind: str, value: str) -> str:
    """A keyed hash (32 hex digits) by which an equal value is found without being stored. Uses INDEX_KEY."""
    message = f"{kind}\0{value}".encode()
    return hmac.digest(settings.INDEX_KEY.encode(), message, "sha256").hex()[:32]
