"""Presenter of what was said and done about an inquiry, in one order: messages, notes, calls, letters, changes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from screening.accounts import permissions
from screening.desk.labels import staff_name
from screening.desk.record.correspondence import LetterSummary, letters_of
from screening.desk.record.timeline import timeline
from screening.inquiries.services.appointments import EVENT_KINDS
from screening.models import Event, Inquiry, Note

# The events that stand for themselves. The others record what the entries of messages, notes and letters show.
_KINDS = (
    Event.Kind.RECEIVED,
    Event.Kind.CALLED,
    Event.Kind.MOVED,
    Event.Kind.MOVE_UNDONE,
    Event.Kind.ASSIGNED,
    Event.Kind.CONTACT_CORRECTED,
    Event.Kind.COPY_ASKED,
    *EVENT_KINDS,
)
# Mails that only announce something; shown if they failed.
_ANNOUNCEMENTS = ("code", "message")


@dataclass(frozen=True)
class HistoryEntry:
    """``state`` since ``state_at``: of delivery, or whether the patient has read it."""

    at: datetime
    what: str
    who: str = ""
    text: str = ""
    state: str = ""
    state_at: datetime | None = None
    letter: LetterSummary | None = None


def history(inquiry: Inquiry, user: User) -> list[HistoryEntry]:
    """Oldest first. Raises DecryptionError."""
    return sorted((entry for source in _SOURCES for entry in source(inquiry, user)), key=lambda entry: entry.at)


def _events(inquiry: Inquiry, user: User) -> Iterator[HistoryEntry]:
    found = permissions.visible_events(inquiry.events.filter(kind__in=_KINDS).select_related("actor"), user)
    events = _without_noted_calls(inquiry, list(found))
    for event, entry in zip(events, timeline(inquiry, events), strict=True):
        at = inquiry.received_at if event.kind == Event.Kind.RECEIVED else event.at  # before the letters about it
        yield HistoryEntry(at, f"{entry.what}: {entry.about}" if entry.about else entry.what, entry.who)


def _without_noted_calls(inquiry: Inquiry, events: list[Event]) -> list[Event]:
    """Without the event of each call that has a note, which stands in the history itself. It follows the note."""
    for author, written_at in inquiry.notes.filter(kind=Note.Kind.CALL).values_list("author", "written_at"):
        of_note = (e for e in events if e.kind == Event.Kind.CALLED and e.actor_id == author and e.at >= written_at)
        if event := next(of_note, None):
            events.remove(event)
    return events


def _notes(inquiry: Inquiry, user: User) -> Iterator[HistoryEntry]:
    for note in inquiry.notes.select_related("author"):
        yield HistoryEntry(note.written_at, note.get_kind_display(), staff_name(note.author), note.text)


def _messages(inquiry: Inquiry, user: User) -> Iterator[HistoryEntry]:
    for message in inquiry.messages.select_related("author"):
        if message.is_from_patient:
            yield HistoryEntry(message.written_at, _("Message from the patient"), text=message.text)
        else:
            state = _("read") if message.read_at else _("not read yet")
            yield HistoryEntry(
                message.written_at,
                _("Message to the patient"),
                staff_name(message.author),
                message.text,
                state,
                message.read_at,
            )


def _letters(inquiry: Inquiry, user: User) -> Iterator[HistoryEntry]:
    for letter in letters_of(inquiry):
        if letter.has_failed or letter.name not in _ANNOUNCEMENTS:
            yield HistoryEntry(
                letter.owed_at,
                letter.title,
                letter.author,
                letter.paragraph,
                letter.delivery_state,
                letter.at,
                letter,
            )


_SOURCES: tuple[Callable[[Inquiry, User], Iterable[HistoryEntry]], ...] = (_events, _letters, _messages, _notes)
