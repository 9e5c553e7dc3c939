"""Row lock, optimistic concurrency and events, as every service uses them."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Max, QuerySet

from screening.models import Event, Inquiry

_READ_ONLY_KINDS = (Event.Kind.OPENED, Event.Kind.EXPORTED)


class IsWithdrawn(Exception):
    """The patient has withdrawn the inquiry, so it cannot be changed."""


class Conflict(Exception):
    """A colleague has changed the same part since the page was rendered; nothing was written.

    ``inquiry`` is the current record; ``events`` are the changes since then, oldest first.
    """

    def __init__(self, inquiry: Inquiry, events: list[Event]):
        super().__init__("changed by a colleague")
        self.inquiry = inquiry
        self.events = events


def current_version(inquiry: Inquiry) -> int:
    """The id of the newest event that changed the inquiry, or 0; forms carry it as ``version``.

    Read it before the rest of the record, so that a change in between counts as unseen. Services lock the inquiry's
    row, so their event ids ascend in commit order. Opening and exporting do not lock, so their events do not count.
    """
    return _versioned_events(inquiry).order_by("-pk").values_list("pk", flat=True).first() or 0


def current_versions(inquiry_ids: list[UUID]) -> dict[UUID, int]:
    """`current_version` of several inquiries, in one query; inquiries without such an event are left out."""
    changes = Event.objects.filter(inquiry__in=inquiry_ids).exclude(kind__in=_READ_ONLY_KINDS).order_by()
    return dict(changes.values_list("inquiry").annotate(Max("pk")))


def lock_inquiry(inquiry_id: UUID) -> Inquiry:
    """Lock the inquiry's row until the transaction ends; raises Inquiry.DoesNotExist."""
    # no_key: primary keys never change, so inserts of events and letters that reference the row need not wait.
    return Inquiry.objects.select_for_update(no_key=True).get(pk=inquiry_id)


def lock_for_change(inquiry_id: UUID) -> Inquiry:
    """Lock the inquiry for a change by staff or patient; also raises IsWithdrawn."""
    inquiry = lock_inquiry(inquiry_id)
    if inquiry.is_withdrawn:
        raise IsWithdrawn
    return inquiry


def events_since(inquiry: Inquiry, version: int | None, *kinds: str) -> list[Event]:
    """The events of these kinds after ``version``, oldest first; empty if it is None."""
    if version is None:
        return []
    return list(
        _versioned_events(inquiry).filter(pk__gt=version, kind__in=kinds).select_related("actor").order_by("pk")
    )


def events_by(events: list[Event], by: User) -> list[Event]:
    """The events by one member of staff, such as those of a form submitted twice."""
    return [event for event in events if event.actor_id == by.pk]


def raise_on_conflict(inquiry: Inquiry, events: list[Event]) -> None:
    if events:
        raise Conflict(inquiry, events)


def add_event(inquiry: Inquiry, kind: str, by: User | None = None, detail: str = "") -> None:
    Event.objects.create(inquiry=inquiry, kind=kind, actor=by, detail=detail)


def _versioned_events(inquiry: Inquiry) -> QuerySet[Event]:
    return inquiry.events.exclude(kind__in=_READ_ONLY_KINDS)
