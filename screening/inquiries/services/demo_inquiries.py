"""Creates invented inquiries in bulk, for demonstrations and benchmarks; each has the rows of a real one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from screening.inquiries.references import new_reference
from screening.inquiries.services.new_inquiry import CompletedDraft, NewInquiry, build_inquiry, current_version_digest
from screening.inquiries.status_moves import format_status
from screening.models import Consent, Event, IndexToken, Inquiry, Letter, Status
from screening.questionnaire.schema import Answers


@dataclass(frozen=True)
class DemoInquiry:
    """A completed questionnaire and its history on the desk; None for what did not happen."""

    answers: Answers
    consent: str
    language: str
    received_at: datetime
    status: str = Status.NEW
    closed_as: str = ""
    assignee: object = None
    opened_at: datetime | None = None
    replied_at: datetime | None = None


def create_demo_inquiries(people: Iterable[DemoInquiry]) -> int:
    """Write them all in one transaction, their letters as sent; returns how many.

    Pass about a thousand at a time: real submissions wait for this transaction.
    """
    people = list(people)
    references = _free_references(len(people))
    version = current_version_digest()
    made = [(person, _parts(person, version, references.pop())) for person in people]
    with transaction.atomic():
        Inquiry.objects.bulk_create(parts.inquiry for _person, parts in made)
        Consent.objects.bulk_create(parts.consent for _person, parts in made)
        IndexToken.objects.bulk_create(token for _person, parts in made for token in parts.tokens)
        Letter.objects.bulk_create(letter for _person, parts in made for letter in parts.letters)
        Event.objects.bulk_create(event for person, parts in made for event in _events(person, parts))
    return len(made)


def _free_references(count: int) -> set[str]:
    """``count`` unused references."""
    free: set[str] = set()
    while len(free) < count:
        drawn = {new_reference() for _ in range(count - len(free))}
        free |= drawn - set(Inquiry.objects.filter(reference__in=drawn).values_list("reference", flat=True))
    return free


def _parts(person: DemoInquiry, version: str, reference: str) -> NewInquiry:
    finished = CompletedDraft(person.answers, person.consent, person.language, person.received_at, uuid.uuid4())
    parts = build_inquiry(finished, version, reference)
    inquiry = parts.inquiry
    inquiry.status, inquiry.closed_as, inquiry.assignee = person.status, person.closed_as, person.assignee
    inquiry.first_opened_at = person.opened_at
    inquiry.first_reply_at = inquiry.last_contact_at = person.replied_at
    for letter in parts.letters:
        letter.owed_at = letter.next_try_at = letter.sent_at = person.received_at
    return parts


def _events(person: DemoInquiry, parts: NewInquiry) -> Iterable[Event]:
    inquiry, by = parts.inquiry, person.assignee
    yield Event(inquiry=inquiry, kind=Event.Kind.RECEIVED, at=person.received_at)
    for letter in parts.letters:
        yield Event(inquiry=inquiry, kind=Event.Kind.LETTER_SENT, detail=letter.name, at=person.received_at)
    if person.opened_at:
        yield Event(inquiry=inquiry, kind=Event.Kind.OPENED, actor=by, at=person.opened_at)
    if by:
        name = by.get_username()
        yield Event(inquiry=inquiry, kind=Event.Kind.ASSIGNED, actor=by, detail=name, at=person.opened_at)
    if person.replied_at:
        yield Event(inquiry=inquiry, kind=Event.Kind.CALLED, actor=by, at=person.replied_at)
    if person.status != Status.NEW:
        moved = f"{Status.NEW} → {format_status(person.status, person.closed_as)}"
        yield Event(
            inquiry=inquiry,
            kind=Event.Kind.MOVED,
            actor=by,
            detail=moved,
            at=person.replied_at or person.opened_at or person.received_at,
        )
