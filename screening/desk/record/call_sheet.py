"""What a member of staff needs beside the telephone: links to call, the best time, what time it may be there. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel.dates import get_timezone_location
from django.utils.translation import get_language, to_locale
from phonenumbers import timezone

from screening.questionnaire import answer_text, phones


@dataclass(frozen=True)
class LocalTime:
    """What the clock shows in ``places``: a suggestion by the area code, since people take their numbers along."""

    places: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class CallSheet:
    """``phone`` as it is read, with its two links; empty where the person gave none. Words are the reader's.

    The link to call carries an extension as RFC 3966 has it, which some telephones ignore: ``phone`` tells it too.
    """

    phone: str
    call_link: str
    whatsapp_link: str
    wished: str
    best_time: str
    may_leave_message: str
    local_times: list[LocalTime]


def call_sheet(contact: dict, wording: dict, now: datetime) -> CallSheet:
    """From an inquiry's contact details, and the stored wording in the reader's language."""
    said = {row.key: row.answer for row in answer_text.answer_rows(wording, contact)}
    number = contact.get("phone", "")
    return CallSheet(
        phone=phones.spoken(number),
        call_link=f"tel:{number}" if number else "",
        whatsapp_link=f"https://wa.me/{phones.without_extension(number).removeprefix('+')}" if number else "",
        wished=said["channel"],
        best_time=said["best-time"],
        may_leave_message=said["leave-message"],
        local_times=local_times(number, now) if number else [],
    )


def local_times(number: str, now: datetime) -> list[LocalTime]:
    """What time it is where an E.164 number's area code is at home; places with the same time stand together.

    Numbers of no area, such as those without a charge, name every zone of their countries; those of an unknown one
    name none.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return []
    places: dict[datetime, list[str]] = {}
    for zone in _known(timezone.time_zones_for_number(parsed)):
        # Without the zone two equal times are one, whatever the zones are called.
        places.setdefault(now.astimezone(zone).replace(tzinfo=None), []).append(_place(zone))
    return [LocalTime(tuple(sorted(set(names))), at) for at, names in sorted(places.items())]


def _known(names: tuple[str, ...]) -> Iterator[ZoneInfo]:
    for name in names:
        try:
            yield ZoneInfo(name)
        except ZoneInfoNotFoundError:  # the library's word for an unknown one is Etc/Unknown
            continue


def _place(zone: ZoneInfo) -> str:
    """The city that the zone is named after, in the reader's language."""
    return get_timezone_location(zone, locale=to_locale(get_language()), return_city=True)
