"""What staff do on the sheet itself: open it, mark its rows, add a note, take it out of the desk."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from screening.inquiries.records.writing import done_by, done_since, leave_event, locked_for_work, refuse_if_stale
from screening.models import Event, Inquiry, Mark, Note


def opened(inquiry: Inquiry, by) -> None:
    """A member of staff has opened the record."""
    Inquiry.objects.filter(pk=inquiry.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    leave_event(inquiry, Event.Kind.OPENED, by)


def mark(inquiry: Inquiry, row: str, value: str, note: str, by, *, seen: int | None = None) -> bool:
    """Set the mark and note of one row of the sheet; returns whether anything changed."""
    return bool(mark_rows(inquiry, {row: (value, note)}, by, seen=seen))


def mark_rows(inquiry: Inquiry, rows: dict[str, tuple[str, str]], by, *, seen: int | None = None) -> list[str]:
    """Set mark and note of several rows, all or none; returns the rows that changed.

    Give only the rows that were changed on the page. Stale carries the event of every row that a colleague has set
    to something else meanwhile (the row is the event's ``detail``).
    """
    with transaction.atomic():
        held = locked_for_work(inquiry.pk)
        marks = {there.row: there for there in Mark.objects.filter(inquiry=held, row__in=rows)}
        changed = [row for row, wanted in rows.items() if _shown(marks.get(row)) != wanted]
        events = done_since(held, seen, Event.Kind.MARKED)
        refuse_if_stale(held, [event for event in events if event.detail in changed])
        for row in changed:
            there = marks.get(row) or Mark(inquiry=held, row=row)
            (there.value, there.note), there.author, there.changed_at = rows[row], by, timezone.now()
            there.save()
            leave_event(held, Event.Kind.MARKED, by, row)
    return changed


def _shown(there: Mark | None) -> tuple[str, str]:
    return (there.value, there.note) if there else (Mark.Value.NOT_LOOKED_AT, "")


def exported(inquiries: Iterable[Inquiry], by, what: str) -> None:
    """A member of staff has taken these out of the desk; ``what`` names the kind of file."""
    kind = Event.Kind.EXPORTED
    Event.objects.bulk_create(
        (Event(inquiry=inquiry, kind=kind, actor=by, detail=what) for inquiry in inquiries), batch_size=500
    )


def note(inquiry: Inquiry, text: str, by, *, kind: str = Note.Kind.REMARK, seen: int | None = None) -> None:
    """Add a note. It stands beside a colleague's and overwrites none; only one's own, sent twice, is Stale."""
    with transaction.atomic():
        held = locked_for_work(inquiry.pk)
        refuse_if_stale(held, done_by(done_since(held, seen, Event.Kind.NOTED), by))
        Note.objects.create(inquiry=held, text=text, author=by, kind=kind)
        leave_event(held, Event.Kind.NOTED, by)
