"""Signed tokens of the patient's links: to the page of an inquiry, to withdraw it, and to a copy of it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.core import signing

from screening.models import Inquiry

COPY_OPENS_FOR = timedelta(minutes=30)

_PAGE = signing.Signer(salt="screening.inquiry")
_WITHDRAW = signing.Signer(salt="screening.withdraw")
_COPY = signing.TimestampSigner(salt="screening.copy")


def page_token(inquiry: Inquiry) -> str:
    """Valid as long as the inquiry exists; shows the reference only, without a code."""
    return _without_colons(_PAGE.sign(inquiry.pk.hex))


def withdraw_token(inquiry: Inquiry) -> str:
    """Valid as long as the inquiry exists."""
    return _without_colons(_WITHDRAW.sign(inquiry.pk.hex))


def copy_token(inquiry: Inquiry) -> str:
    """Valid for COPY_OPENS_FOR from now."""
    return _without_colons(_COPY.sign(inquiry.pk.hex))


def inquiry_of_page(token: str) -> Inquiry | None:
    """The inquiry of a page token; None if the signature is wrong or the inquiry is deleted."""
    return _inquiry(token, _PAGE.unsign)


def inquiry_to_withdraw(token: str) -> Inquiry | None:
    """The inquiry of a withdrawal token; None if the signature is wrong or the inquiry is deleted."""
    return _inquiry(token, _WITHDRAW.unsign)


def inquiry_to_copy(token: str) -> Inquiry | None:
    """The inquiry of a copy token; None also if the token has expired or the inquiry is withdrawn."""
    inquiry = _inquiry(token, lambda signed: _COPY.unsign(signed, max_age=COPY_OPENS_FOR))
    return None if inquiry is None or inquiry.is_withdrawn else inquiry


def _inquiry(token: str, unsign: Callable[[str], str]) -> Inquiry | None:
    try:
        inquiry_id = UUID(unsign(token.replace(".", ":")))
    except (signing.BadSignature, ValueError):
        return None
    return Inquiry.objects.filter(pk=inquiry_id).first()


def _without_colons(signed: str) -> str:
    """Replace colons, at which some programs end a link; no part contains a dot."""
    return signed.replace(":", ".")
