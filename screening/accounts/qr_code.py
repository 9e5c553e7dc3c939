"""An enrolment's TOTP key as a QR code, and as text to type."""

from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from screening.accounts.models import Enrolment


def qr_code_svg(enrolment: Enrolment) -> SafeString:
    """Inline SVG, so that the key has no URL of its own and is not cached."""
    code = segno.make(_otpauth_uri(enrolment), error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None))


def _otpauth_uri(enrolment: Enrolment) -> str:
    """The key URI format of authenticator apps: otpauth://totp/issuer:account?secret=…"""
    issuer = settings.CLINIC_NAME.replace(":", " ")
    label = quote(f"{issuer}:{enrolment.member.get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': enrolment.key, 'issuer': issuer}, quote_via=quote)}"


def in_groups(key: str) -> str:
    """The key in groups of four characters."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
