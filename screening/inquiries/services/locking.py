"""Row lock, optimistic concurrency and events, as every service uses them."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Max, QuerySet

from screening.models import Event, Inquiry

_READ_ONLY_KINDS = (Event.Kind.OPENED, Event.Kind.EXPORTED)


class IsWithdrawn(Exception):
    """The patient has withdrawn the inquiry; it takes no changes."""


class Conflict(Exception):
    """A colleague has changed the same part since the page was made; nothing was written.

    ``inquiry`` is the current record, ``events`` are the changes since, oldest first.
    """

    def __init__(self, inquiry: Inquiry, events: list[Event]):
        super().__init__("changed meanwhile")
        self.inquiry = inquiry
        self.events = events


def current_version(inquiry: Inquiry) -> int:
    """The id of the newest event that changed the inquiry; forms carry it as ``version``.

    Read it before the rest of the record, so that a change in between counts as unseen. Services lock the inquiry's
    row, so their event ids ascend in the order in which they become visible. Opening and exporting do not lock, and
    are left out.
    """
    return _versioned_events(inquiry).order_by("-pk").values_list("pk", flat=True).first() or 0


def current_versions(inquiry_ids: list[UUID]) -> dict[UUID, int]:
    """`newest_event` of several, in one query."""
    written = Event.objects.filter(inquiry__in=inquiry_ids).exclude(kind__in=_READ_ONLY_KINDS).order_by()
    return dict(written.values_list("inquiry").annotate(Max("pk")))


def lock_inquiry(inquiry_id: UUID) -> Inquiry:
    """The inquiry, its row locked until the transaction ends; raises Inquiry.DoesNotExist."""
    # Keys never change, so inserts of events and letters that reference the row need not wait.
    return Inquiry.objects.select_for_update(no_key=True).get(pk=inquiry_id)


def lock_for_staff(inquiry_id: UUID) -> Inquiry:
    """Like `lock_inquiry`, for changes by staff; raises IsWithdrawn."""
    held = lock_inquiry(inquiry_id)
    if held.is_withdrawn:
        raise IsWithdrawn
    return held


def events_since(inquiry: Inquiry, version: int | None, *kinds: str) -> list[Event]:
    """The events of these kinds after ``version``; none when it is None."""
    if version is None:
        return []
    return list(
        _versioned_events(inquiry).filter(pk__gt=version, kind__in=kinds).select_related("actor").order_by("pk")
    )


def events_by(events: list[Event], by: User) -> list[Event]:
    """The events of one member of staff, such as those of a form that was sent twice."""
    return [event for event in events if event.actor_id == by.pk]


def raise_on_conflict(inquiry: Inquiry, events: list[Event]) -> None:
    if events:
        raise Conflict(inquiry, events)


def add_event(inquiry: Inquiry, kind: str, by: User | None = None, detail: str = "") -> None:
    Event.objects.create(inquiry=inquiry, kind=kind, actor=by, detail=detail)


def _versioned_events(inquiry: Inquiry) -> QuerySet[Event]:
    return inquiry.events.exclude(kind__in=_READ_ONLY_KINDS)
