"""The blind index: keyed hashes by which an equal value is found without being stored (the term is CipherSweet's)."""

import hmac
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

LENGTH = 32  # hex digits: 128 bits of the HMAC


def blind_index(kind: str, value: str) -> str:
    """HMAC-SHA256 under INDEX_KEY, cut to LENGTH hex digits. ``kind`` separates equal values of different fields."""
    message = f"{kind}\0{value}".encode()
    return hmac.digest(settings.INDEX_KEY.encode(), message, "sha256").hex()[:LENGTH]


class BlindIndexField(models.CharField):
    """A CharField with the blind index of something a person typed; `vacuum` finds its columns by this class."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LENGTH)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def blind_index_fields() -> list[BlindIndexField]:
    """Every BlindIndexField of the installed models."""
    found = [field for model in apps.get_models() if not model._meta.proxy for field in model._meta.local_fields]
    return [field for field in found if isinstance(field, BlindIndexField)]
