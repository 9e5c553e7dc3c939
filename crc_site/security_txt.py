"""/.well-known/security.txt (RFC 9116): how to report a vulnerability, from settings."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

EXPIRES_IN = timedelta(days=90)  # from each response, so the file never expires


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Without an e-mail address in the settings, Contact links to the privacy notice."""
    address = settings.PRIVACY_EMAIL or settings.CLINIC_EMAIL
    page = settings.SITE_URL + reverse("page", args=["privacy"])
    expires = (timezone.now() + EXPIRES_IN).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{address}" if address else f"Contact: {page}#contact",
        f"Expires: {expires.isoformat()}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{request.path}",
        f"Policy: {page}#protection",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
