"""Records what staff do on the sheet: opening it, marks, notes, exports."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries.services.locking import add_event, events_by, events_since, lock_for_staff, raise_on_conflict
from screening.models import Event, Inquiry, Mark, Note


def record_opened(inquiry: Inquiry, by: User) -> None:
    """Record that a member of staff opened the record."""
    Inquiry.objects.filter(pk=inquiry.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    add_event(inquiry, Event.Kind.OPENED, by)


def set_mark(inquiry: Inquiry, row: str, value: str, note: str, by: User, *, version: int | None = None) -> bool:
    """Set the mark and note of one row of the sheet; returns whether anything changed."""
    return bool(set_marks(inquiry, {row: (value, note)}, by, version=version))


def set_marks(inquiry: Inquiry, rows: dict[str, tuple[str, str]], by: User, *, version: int | None = None) -> list[str]:
    """Set mark and note of rows, all or none; returns the ids of the rows that changed.

    Pass only the rows that were changed on the page. Conflict carries the event of every row that a colleague has
    changed since (the row is the event's ``detail``).
    """
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        marks = {there.row: there for there in Mark.objects.filter(inquiry=held, row__in=rows)}
        changed = [row for row, wanted in rows.items() if _shown(marks.get(row)) != wanted]
        events = events_since(held, version, Event.Kind.MARKED)
        raise_on_conflict(held, [event for event in events if event.detail in changed])
        for row in changed:
            there = marks.get(row) or Mark(inquiry=held, row=row)
            (there.value, there.note), there.author, there.changed_at = rows[row], by, timezone.now()
            there.save()
            add_event(held, Event.Kind.MARKED, by, row)
    return changed


def _shown(there: Mark | None) -> tuple[str, str]:
    return (there.value, there.note) if there else (Mark.Value.NOT_LOOKED_AT, "")


def record_exported(inquiries: Iterable[Inquiry], by: User, what: str) -> None:
    """Record that a member of staff exported these inquiries; ``what`` names the kind of file."""
    kind = Event.Kind.EXPORTED
    Event.objects.bulk_create(
        (Event(inquiry=inquiry, kind=kind, actor=by, detail=what) for inquiry in inquiries), batch_size=500
    )


def add_note(
    inquiry: Inquiry, text: str, by: User, *, kind: str = Note.Kind.REMARK, version: int | None = None
) -> None:
    """Add a note. The same form sent twice by one member of staff is a Conflict."""
    with transaction.atomic():
        held = lock_for_staff(inquiry.pk)
        raise_on_conflict(held, events_by(events_since(held, version, Event.Kind.NOTED), by))
        Note.objects.create(inquiry=held, text=text, author=by, kind=kind)
        add_event(held, Event.Kind.NOTED, by)
