"""Presenter of the contact details of an inquiry, and of what a caller needs: links, the best time, local times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel.dates import get_timezone_location
from django.utils.translation import get_language, to_locale
from phonenumbers import timezone

from screening.desk.labels import CONTACT_LABELS, wording_in
from screening.models import Inquiry
from screening.questionnaire import answer_text, phones

_MAX_LOCAL_TIMES = 4  # a number without an area code, such as a toll-free one, has a dozen time zones


@dataclass(frozen=True)
class LocalTime:
    """The local time in ``places``, guessed from the area code: people keep their number when they move."""

    places: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class CallSheet:
    """``phone`` as text, and its two links; all empty without a number. Labels are in the reader's language.

    ``call_link`` has the extension as in RFC 3966. Some telephones ignore it, so ``phone`` shows it too.
    """

    phone: str
    call_link: str
    whatsapp_link: str
    wished: str
    best_time: str
    may_leave_message: str
    local_times: list[LocalTime]


@dataclass(frozen=True)
class Detail:
    key: str
    label: str
    value: str


@dataclass(frozen=True)
class ContactCard:
    """``details`` in the order of the contact step; ``calling`` has links and local times."""

    details: list[Detail]
    calling: CallSheet

    @property
    def tells_the_time(self) -> bool:
        return 0 < len(self.calling.local_times) <= _MAX_LOCAL_TIMES


def contact_card(inquiry: Inquiry, now: datetime) -> ContactCard:
    """In the reader's language. Raises DecryptionError."""
    wording = wording_in(inquiry)
    given = {"who": inquiry.answers.get("who", ""), **inquiry.contact}
    details = [
        Detail(row.key, str(CONTACT_LABELS.get(row.key, row.question)), row.answer)
        for row in answer_text.answer_rows(wording, given)
        if row.state != answer_text.NOT_ASKED
    ]
    return ContactCard(details, call_sheet(inquiry.contact, wording, now))


def call_sheet(contact: dict, wording: dict, now: datetime) -> CallSheet:
    """From the contact details of an inquiry and the stored wording in the reader's language."""
    answers = {row.key: row.answer for row in answer_text.answer_rows(wording, contact)}
    number = contact.get("phone", "")
    return CallSheet(
        phone=phones.spoken(number),
        call_link=f"tel:{number}" if number else "",
        whatsapp_link=f"https://wa.me/{phones.without_extension(number).removeprefix('+')}" if number else "",
        wished=answers["channel"],
        best_time=answers["best-time"],
        may_leave_message=answers["leave-message"],
        local_times=local_times(number, now) if number else [],
    )


def local_times(number: str, now: datetime) -> list[LocalTime]:
    """The local times at an E.164 number's area code; places with the same time are grouped.

    A number without an area, such as a toll-free one, has every zone of its countries; an unknown one has none.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return []
    places: dict[datetime, list[str]] = {}
    for zone in _known(timezone.time_zones_for_number(parsed)):
        # Without the zone, equal times compare equal.
        places.setdefault(now.astimezone(zone).replace(tzinfo=None), []).append(_place(zone))
    return [LocalTime(tuple(sorted(set(names))), at) for at, names in sorted(places.items())]


def _known(names: tuple[str, ...]) -> Iterator[ZoneInfo]:
    for name in names:
        try:
            yield ZoneInfo(name)
        except ZoneInfoNotFoundError:  # the library names an unknown one Etc/Unknown
            continue


def _place(zone: ZoneInfo) -> str:
    """The city that the zone is named after, in the reader's language."""
    return get_timezone_location(zone, locale=to_locale(get_language()), return_city=True)
