"""Signed links that stand for an inquiry: one to withdraw it, which shows nothing of it, and one to its copy."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing

from screening.models import Inquiry

COPY_OPENS_FOR = timedelta(minutes=30)

_WITHDRAW = signing.Signer(salt="screening.withdraw")
_COPY = signing.TimestampSigner(salt="screening.copy")


def withdraw_token(inquiry: Inquiry) -> str:
    """Good as long as the inquiry exists."""
    return _in_address(_WITHDRAW.sign(inquiry.pk.hex))


def copy_token(inquiry: Inquiry) -> str:
    """Good for COPY_OPENS_FOR from now."""
    return _in_address(_COPY.sign(inquiry.pk.hex))


def inquiry_to_withdraw(token: str) -> Inquiry | None:
    """The inquiry of a genuine link; None for a forged one, or when the inquiry is gone."""
    return _inquiry(token, _WITHDRAW.unsign)


def inquiry_to_copy(token: str) -> Inquiry | None:
    """The same, for a link that is young enough and an inquiry that was not taken back."""
    inquiry = _inquiry(token, lambda signed: _COPY.unsign(signed, max_age=COPY_OPENS_FOR))
    return None if inquiry is None or inquiry.is_withdrawn else inquiry


def _inquiry(token: str, unsign: Any) -> Inquiry | None:
    try:
        inquiry_id = UUID(unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError):
        return None
    return Inquiry.objects.filter(pk=inquiry_id).first()


def _in_address(signed: str) -> str:
    """Some programs end a link at a colon; none of the parts holds a dot."""
    return signed.replace(":", ".")
