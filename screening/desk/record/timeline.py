"""What happened to an inquiry, in the reader's words: statuses, fields and letters, never what somebody wrote."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from screening.desk.labels import CONTACT_LABELS, EXPORT_LABELS, letter_titles, staff_name, translated_status
from screening.desk.record.sheet import row_names
from screening.inquiries.services.contact import corrected_fields
from screening.models import Event, Inquiry

_LETTER_KINDS = (
    Event.Kind.LETTER_OWED,
    Event.Kind.LETTER_SENT,
    Event.Kind.LETTER_FAILED,
    Event.Kind.LETTER_RETRIED,
    Event.Kind.LETTER_SET_ASIDE,
)


@dataclass(frozen=True)
class TimelineEntry:
    """``who`` is empty for what the patient or the software did; ``about`` for what needs no more words."""

    at: datetime
    who: str
    what: str
    about: str
    times: int = 1


def timeline(inquiry: Inquiry, events: Iterable[Event]) -> list[TimelineEntry]:
    """In the order given."""
    words = _DetailLabels(inquiry)
    return [
        TimelineEntry(
            event.at, staff_name(event.actor) if event.actor else "", event.get_kind_display(), words.about(event)
        )
        for event in events
    ]


def merge_repeats(happenings: list[TimelineEntry]) -> list[TimelineEntry]:
    """What one person did several times running stands once, at its latest time if the newest come first."""
    kept: list[TimelineEntry] = []
    for happening in happenings:
        before = kept[-1] if kept else None
        if before and (before.who, before.what, before.about) == (happening.who, happening.what, happening.about):
            kept[-1] = replace(before, times=before.times + 1)
        else:
            kept.append(happening)
    return kept


class _DetailLabels:
    """Looked up once for all events of an inquiry."""

    def __init__(self, inquiry: Inquiry):
        letters = dict.fromkeys(_LETTER_KINDS, letter_titles())
        self.names = letters | {Event.Kind.MARKED: row_names(inquiry), Event.Kind.EXPORTED: EXPORT_LABELS}

    def about(self, event: Event) -> str:
        if event.kind in (Event.Kind.MOVED, Event.Kind.MOVE_UNDONE):
            return " → ".join(map(translated_status, event.detail.split(" → ")))
        if event.kind == Event.Kind.CONTACT_CORRECTED:
            return ", ".join(str(CONTACT_LABELS.get(key, key)) for key in corrected_fields(event))
        if event.kind == Event.Kind.ASSIGNED:
            return event.detail or _("nobody")
        return str(self.names.get(event.kind, {}).get(event.detail, event.detail))
