"""Looks at the https certificate that the site's own web server shows, so that nobody is surprised by its end."""

import socket
import ssl
from datetime import datetime
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings

from screening.models import CheckResult

_PATIENCE = 10  # seconds


def check_certificate(now: datetime) -> None:
    """Record until when the certificate at CERTIFICATE_ADDRESS is valid, or why it cannot be read."""
    if settings.CERTIFICATE_ADDRESS is None:
        return
    try:
        expires_at = _expiry(settings.CERTIFICATE_ADDRESS, urlsplit(settings.SITE_URL).hostname or "")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        CheckResult.record(CheckResult.CERTIFICATE, now, f"cannot be read at CERTIFICATE_ADDRESS: {reason}")
    else:
        CheckResult.record(CheckResult.CERTIFICATE, now, expires_at=expires_at.isoformat())


def _expiry(address: tuple[str, int], name: str) -> datetime:
    # Trust is the browsers' concern: a self-signed certificate, or one that is over, is read as well.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(address, _PATIENCE) as plain, context.wrap_socket(plain, server_hostname=name) as tls:
        return x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"").not_valid_after_utc
