"""Records that staff open, mark, annotate or export inquiries."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from screening.inquiries.services.locking import add_event, events_by, events_since, lock_for_change, raise_on_conflict
from screening.models import Event, Inquiry, Mark, Note


def record_opened(inquiry: Inquiry, by: User) -> None:
    """Add an event that a member of staff opened the record; the first time is also stored on the inquiry."""
    Inquiry.objects.filter(pk=inquiry.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    add_event(inquiry, Event.Kind.OPENED, by)


def set_mark(inquiry: Inquiry, row: str, value: str, note: str, by: User, *, version: int | None = None) -> bool:
    """Set the mark and note of one row of the sheet; returns whether anything changed."""
    return bool(set_marks(inquiry, {row: (value, note)}, by, version=version))


def set_marks(inquiry: Inquiry, rows: dict[str, tuple[str, str]], by: User, *, version: int | None = None) -> list[str]:
    """Set mark and note of rows in one transaction; returns the ids of the rows that changed.

    ``rows`` maps the id of each row that was changed on the page to (mark, note). Conflict carries an event per row
    that a colleague has changed, with the row's id as ``detail``.
    """
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        marks = {mark.row: mark for mark in Mark.objects.filter(inquiry=locked, row__in=rows)}
        changed = [row for row, values in rows.items() if _mark_values(marks.get(row)) != values]
        events = events_since(locked, version, Event.Kind.MARKED)
        raise_on_conflict(locked, [event for event in events if event.detail in changed])
        for row in changed:
            mark = marks.get(row) or Mark(inquiry=locked, row=row)
            (mark.value, mark.note), mark.author, mark.changed_at = rows[row], by, timezone.now()
            mark.save()
            add_event(locked, Event.Kind.MARKED, by, row)
    return changed


def _mark_values(mark: Mark | None) -> tuple[str, str]:
    return (mark.value, mark.note) if mark else (Mark.Value.NOT_LOOKED_AT, "")


def record_exported(inquiries: Iterable[Inquiry], by: User, what: str) -> None:
    """Add an event of an export to each inquiry; ``what`` names the kind of file."""
    kind = Event.Kind.EXPORTED
    Event.objects.bulk_create(
        (Event(inquiry=inquiry, kind=kind, actor=by, detail=what) for inquiry in inquiries), batch_size=500
    )


def add_note(
    inquiry: Inquiry, text: str, by: User, *, kind: str = Note.Kind.REMARK, version: int | None = None
) -> None:
    """Add a note; raises Conflict if one member of staff submits the same form twice."""
    with transaction.atomic():
        locked = lock_for_change(inquiry.pk)
        raise_on_conflict(locked, events_by(events_since(locked, version, Event.Kind.NOTED), by))
        Note.objects.create(inquiry=locked, text=text, author=by, kind=kind)
        add_event(locked, Event.Kind.NOTED, by)
