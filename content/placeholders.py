"""Placeholders such as {clinic_name} in texts. A line that names an unset one is left out."""

import re

from django.conf import settings

from content import opening_hours

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Also mistyped placeholders, but not attributes such as {: #id } and {#id}.
PLACEHOLDER_LIKE = re.compile(r"\{(\w*)\}")

_APPOINTMENT = {"reference", "appointment_time", "appointment_kind", "appointment_clinic_time"}

# Placeholders of automatic letters besides the site's own; filled when the letter is sent. These letters are required.
LETTER_PLACEHOLDERS = {
    "received": {"first_name", "reference", "inquiry_link", "withdraw_link"},
    "code": {"first_name", "reference", "access_code", "inquiry_link"},
    "message": {"first_name", "reference", "inquiry_link"},
    "copy": {"first_name", "reference", "copy_link"},
    "times-offered": {"first_name", "reference", "inquiry_link"},
    "appointment-confirmed": _APPOINTMENT | {"first_name", "inquiry_link"},
    "appointment-moved": _APPOINTMENT | {"first_name", "inquiry_link"},
    "appointment-cancelled": _APPOINTMENT | {"first_name", "inquiry_link"},
    "appointment-reminder": _APPOINTMENT | {"first_name", "inquiry_link"},
    "appointment": _APPOINTMENT | {"appointment_state", "sign_in_link"},
    "new-inquiry": {"reference", "sign_in_link"},
    "replied": {"reference", "sign_in_link"},
    "withdrawn": {"reference", "sign_in_link"},
    "overdue": {"reference", "sign_in_link"},
    "purge-stopped": set(),
    "watch-stopped": set(),
    "digest": {
        "overdue",
        "overdue_count",
        "unread",
        "unread_count",
        "waiting",
        "waiting_count",
        "soon_erased",
        "soon_erased_count",
        "failed_count",
        "inbox_link",
    },
}
# Placeholders of a letter that staff choose; FREE_TEXT is the paragraph that they write.
FREE_TEXT = "free_text"
CHOSEN_LETTER_PLACEHOLDERS = {"first_name", "reference", "inquiry_link", "withdraw_link", FREE_TEXT}


def site_values() -> dict[str, str]:
    """The site's own placeholders, in the active language."""
    return {
        "clinic_name": settings.CLINIC_NAME,
        "clinic_short": settings.CLINIC_SHORT_NAME,
        "reply_days": str(settings.REPLY_WITHIN_DAYS),
        "retention_days": str(settings.RETENTION_DAYS),
        "backup_days": str(settings.BACKUP_KEEP) if settings.BACKUP_DIR else "",
        "legal_name": settings.CLINIC_LEGAL_NAME,
        "data_country": settings.DATA_COUNTRY,
        "privacy_email": settings.PRIVACY_EMAIL,
        "clinic_phone": settings.CLINIC_PHONE,
        "clinic_email": settings.CLINIC_EMAIL,
        "clinic_address": settings.CLINIC_ADDRESS,
        "clinic_map": settings.CLINIC_MAP_URL,
        "clinic_hours": opening_hours.in_words(settings.CLINIC_HOURS),
    }


def names_in(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def fill(text: str, values: dict[str, str]) -> str:
    """Fill the placeholders in ``values``, drop lines that name an empty one, and keep other placeholders."""
    unset = {name for name, value in values.items() if not value}
    lines = [line for line in text.split("\n") if not names_in(line) & unset]
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), "\n".join(lines))
