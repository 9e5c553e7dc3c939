"""Creates invented inquiries in bulk, for demonstrations and benchmarks, with all rows of a real one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from screening.inquiries.references import new_reference
from screening.inquiries.services.submission import CompletedDraft, NewInquiry, build_inquiry, current_version_digest
from screening.inquiries.status_moves import format_status
from screening.models import Consent, Event, IndexToken, Inquiry, Letter, Status
from screening.questionnaire.types import Answers


@dataclass(frozen=True)
class DemoInquiry:
    """A completed questionnaire and what staff did with the inquiry; None for what did not happen."""

    answers: Answers
    consent: str
    language: str
    received_at: datetime
    status: str = Status.NEW
    closed_as: str = ""
    assignee: User | None = None
    opened_at: datetime | None = None
    replied_at: datetime | None = None


def create_demo_inquiries(people: Iterable[DemoInquiry]) -> int:
    """Insert all in one transaction, with their letters as sent; returns how many.

    Pass about a thousand at a time: real submissions wait for this transaction.
    """
    people = list(people)
    references = _free_references(len(people))
    version = current_version_digest()
    built = [(person, _build_rows(person, version, references.pop())) for person in people]
    with transaction.atomic():
        Inquiry.objects.bulk_create(rows.inquiry for _person, rows in built)
        Consent.objects.bulk_create(rows.consent for _person, rows in built)
        IndexToken.objects.bulk_create(token for _person, rows in built for token in rows.tokens)
        Letter.objects.bulk_create(letter for _person, rows in built for letter in rows.letters)
        Event.objects.bulk_create(event for person, rows in built for event in _events(person, rows))
    return len(built)


def _free_references(count: int) -> set[str]:
    free: set[str] = set()
    while len(free) < count:
        drawn = {new_reference() for _ in range(count - len(free))}
        free |= drawn - set(Inquiry.objects.filter(reference__in=drawn).values_list("reference", flat=True))
    return free


def _build_rows(person: DemoInquiry, version: str, reference: str) -> NewInquiry:
    completed = CompletedDraft(person.answers, person.consent, person.language, person.received_at, uuid.uuid4())
    rows = build_inquiry(completed, version, reference)
    inquiry = rows.inquiry
    inquiry.status, inquiry.closed_as, inquiry.assignee = person.status, person.closed_as, person.assignee
    inquiry.first_opened_at = person.opened_at
    inquiry.first_reply_at = inquiry.last_contact_at = person.replied_at
    inquiry.unanswered_since = None if person.replied_at else inquiry.received_at
    for letter in rows.letters:
        letter.owed_at = letter.next_try_at = letter.sent_at = person.received_at
    return rows


def _events(person: DemoInquiry, rows: NewInquiry) -> Iterable[Event]:
    inquiry, by = rows.inquiry, person.assignee
    yield Event(inquiry=inquiry, kind=Event.Kind.RECEIVED, at=person.received_at)
    for letter in rows.letters:
        yield Event(inquiry=inquiry, kind=Event.Kind.LETTER_SENT, detail=letter.name, at=person.received_at)
    if person.opened_at:
        yield Event(inquiry=inquiry, kind=Event.Kind.OPENED, actor=by, at=person.opened_at)
    if by:
        name, assigned_at = by.get_username(), person.opened_at or person.received_at
        yield Event(inquiry=inquiry, kind=Event.Kind.ASSIGNED, actor=by, detail=name, at=assigned_at)
    if person.replied_at:
        yield Event(inquiry=inquiry, kind=Event.Kind.CALLED, actor=by, at=person.replied_at)
    if person.status != Status.NEW:
        detail = f"{Status.NEW} → {format_status(person.status, person.closed_as)}"
        yield Event(
            inquiry=inquiry,
            kind=Event.Kind.MOVED,
            actor=by,
            detail=detail,
            at=person.replied_at or person.opened_at or person.received_at,
        )
