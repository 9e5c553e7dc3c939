"""Adds the clinic's data and the page's languages to templates."""

from django.conf import settings
from django.http import HttpRequest

from content import opening_hours
from crc_site.middleware.languages import languages_for_staff, translated_path


def clinic(request: HttpRequest) -> dict:
    elsewhere = translated_path(request.path)
    return {
        "clinic": {
            "name": settings.CLINIC_NAME,
            "legal_name": settings.CLINIC_LEGAL_NAME,
            "phone": settings.CLINIC_PHONE,
            "whatsapp": settings.CLINIC_WHATSAPP,
            "email": settings.CLINIC_EMAIL,
            "address": settings.CLINIC_ADDRESS,
            "map": settings.CLINIC_MAP_URL,
            "hours": opening_hours.in_words(settings.CLINIC_HOURS),
        },
        "reply_days": settings.REPLY_WITHIN_DAYS,
        "site_url": settings.SITE_URL,
        "other_languages": elsewhere,
        "staff_languages": languages_for_staff(request.path),
        "first_language_path": next(
            (page["href"] for page in elsewhere if page["code"] == settings.LANGUAGE_CODE), request.path
        ),
    }
