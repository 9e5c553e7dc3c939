"""Signed links that stand for an inquiry: whoever holds the link may withdraw it, and can see nothing of it."""

from uuid import UUID

from django.core import signing

from screening.models import Inquiry

_SALT = "screening.withdraw"


def withdraw_token(inquiry: Inquiry) -> str:
    return signing.Signer(salt=_SALT).sign(inquiry.pk.hex).replace(":", ".")


def inquiry_of(token: str) -> Inquiry | None:
    """The inquiry of a genuine link; None for a forged one, or when the inquiry is gone."""
    try:
        inquiry_id = UUID(signing.Signer(salt=_SALT).unsign(token.replace(".", ":", 1)))
    except (signing.BadSignature, ValueError):
        return None
    return Inquiry.objects.filter(pk=inquiry_id).first()
