"""What every writer of an inquiry does first and last: hold its row, compare what was seen, leave an event."""

from uuid import UUID

from django.db.models import Max, QuerySet

from screening.models import Event, Inquiry

_READ_ONLY_KINDS = (Event.Kind.OPENED, Event.Kind.EXPORTED)


class IsWithdrawn(Exception):
    """The patient has taken the inquiry back: nothing is written to it any more."""


class Conflict(Exception):
    """Somebody has changed the same thing since the page was made; nothing was written.

    ``inquiry`` is the record as it stands now, ``events`` what was done to it meanwhile, oldest first.
    """

    def __init__(self, inquiry: Inquiry, events: list[Event]):
        super().__init__("changed meanwhile")
        self.inquiry = inquiry
        self.events = events


def current_version(inquiry: Inquiry) -> int:
    """The number of the newest event that wrote to the inquiry, for a form to carry as ``version``.

    Take it before anything else of the record is read: what is written in between then counts as not seen. Writers
    hold the inquiry's row, so their events are numbered in the order in which they become visible. Opening a record
    or exporting it holds nothing, and is left out.
    """
    return _versioned_events(inquiry).order_by("-pk").values_list("pk", flat=True).first() or 0


def current_versions(inquiry_ids: list[UUID]) -> dict[UUID, int]:
    """`newest_event` of several, in one query."""
    written = Event.objects.filter(inquiry__in=inquiry_ids).exclude(kind__in=_READ_ONLY_KINDS).order_by()
    return dict(written.values_list("inquiry").annotate(Max("pk")))


def lock_inquiry(inquiry_id: UUID) -> Inquiry:
    """The inquiry, its row held until the transaction ends; raises Inquiry.DoesNotExist when it was erased."""
    # No key is ever changed: so the events and letters of others, which only point to the row, need not wait for it.
    return Inquiry.objects.select_for_update(no_key=True).get(pk=inquiry_id)


def lock_for_staff(inquiry_id: UUID) -> Inquiry:
    """The locked inquiry, for staff to write to; raises IsWithdrawn."""
    held = lock_inquiry(inquiry_id)
    if held.is_withdrawn:
        raise IsWithdrawn
    return held


def events_since(inquiry: Inquiry, version: int | None, *kinds: str) -> list[Event]:
    """The events of these kinds that came after ``version``; none when nothing is to be compared."""
    if version is None:
        return []
    return list(
        _versioned_events(inquiry).filter(pk__gt=version, kind__in=kinds).select_related("actor").order_by("pk")
    )


def events_by(events: list[Event], by) -> list[Event]:
    """A member of staff's own ones among them: such as those of a form that was sent twice."""
    return [event for event in events if event.actor_id == by.pk]


def raise_on_conflict(inquiry: Inquiry, events: list[Event]) -> None:
    if events:
        raise Conflict(inquiry, events)


def add_event(inquiry: Inquiry, kind: str, by=None, detail: str = "") -> None:
    Event.objects.create(inquiry=inquiry, kind=kind, actor=by, detail=detail)


def _versioned_events(inquiry: Inquiry) -> QuerySet[Event]:
    return inquiry.events.exclude(kind__in=_READ_ONLY_KINDS)
