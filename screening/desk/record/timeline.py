"""Presenter of the events of an inquiry in the reader's language: statuses, fields and letters, never written text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from screening.desk.labels import CONTACT_LABELS, EXPORT_LABELS, letter_titles, staff_name, translated_status
from screening.desk.record.sheet import row_names
from screening.inquiries import clinic_time
from screening.inquiries.services.appointments import EVENT_KINDS, parse_moments
from screening.inquiries.services.contact import corrected_fields
from screening.models import Event, Inquiry
from screening.questionnaire.types import Text

_LETTER_KINDS = (
    Event.Kind.LETTER_OWED,
    Event.Kind.LETTER_SENT,
    Event.Kind.LETTER_FAILED,
    Event.Kind.LETTER_RETRIED,
    Event.Kind.LETTER_WITHHELD,
    Event.Kind.LETTER_SET_ASIDE,
)


@dataclass(frozen=True)
class TimelineEntry:
    """``who`` is empty for the patient and the software; ``about`` is empty if ``what`` says everything."""

    at: datetime
    who: str
    what: str
    about: str
    times: int = 1


def timeline(inquiry: Inquiry, events: Iterable[Event]) -> list[TimelineEntry]:
    """In the order given."""
    labels = _DetailLabels(inquiry)
    return [
        TimelineEntry(
            event.at, staff_name(event.actor) if event.actor else "", event.get_kind_display(), labels.about(event)
        )
        for event in events
    ]


def merge_repeats(entries: list[TimelineEntry]) -> list[TimelineEntry]:
    """Merge consecutive equal entries into one with ``times``; it has the time of the first."""
    merged: list[TimelineEntry] = []
    for entry in entries:
        last = merged[-1] if merged else None
        if last and (last.who, last.what, last.about) == (entry.who, entry.what, entry.about):
            merged[-1] = replace(last, times=last.times + 1)
        else:
            merged.append(entry)
    return merged


class _DetailLabels:
    """The labels of event details, looked up once for all events of an inquiry."""

    def __init__(self, inquiry: Inquiry):
        self.by_kind: dict[str, Mapping[str, Text]] = {
            **dict.fromkeys(_LETTER_KINDS, letter_titles()),
            Event.Kind.MARKED: row_names(inquiry),
            Event.Kind.EXPORTED: EXPORT_LABELS,
        }

    def about(self, event: Event) -> str:
        if event.kind in (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE):
            return " → ".join(map(translated_status, event.detail.split(" → ")))
        if event.kind == Event.Kind.CONTACT_CORRECTED:
            return ", ".join(str(CONTACT_LABELS.get(key, key)) for key in corrected_fields(event))
        if event.kind in EVENT_KINDS:
            moments = [clinic_time.local(moment) for moment in parse_moments(event.detail)]
            return " → ".join(date_format(moment, "SHORT_DATETIME_FORMAT") for moment in moments)
        if event.kind == Event.Kind.ASSIGNED:
            return event.detail or _("nobody")
        return str(self.by_kind.get(event.kind, {}).get(event.detail, event.detail))
