"""A finished draft becomes an inquiry, with its consent, search tokens and the letters owed, exactly once."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from screening.inquiries.records.parts import Finished, free_references, parts_of, version_in_force
from screening.inquiries.records.writing import leave_event
from screening.models import Draft, Event, IndexToken, Inquiry, Letter
from screening.questionnaire import drafts, flow
from screening.questionnaire.steps import QUESTIONNAIRE


class Incomplete(Exception):
    """The draft has questions left."""


def submit(draft_id: UUID, language: str) -> Inquiry | None:
    """Turn a finished draft into an inquiry, exactly once; a repeat gets the same inquiry, a lost draft None.

    One transaction writes inquiry, consent and letters owed, and deletes the draft. The draft's id is unique on
    the inquiry, so two senders at one moment cannot both succeed. Raises Incomplete while a question is open, the
    consent included when its text has changed since it was given.
    """
    drafts.ask_outdated_consent_again(draft_id)
    with transaction.atomic():
        draft = drafts.locked(draft_id)
        if draft is None:
            return Inquiry.objects.filter(draft_id=draft_id).first()
        if flow.first_unanswered(QUESTIONNAIRE, draft.answers):
            raise Incomplete
        inquiry = _record(draft, language)
        draft.delete()
    return inquiry


def _record(draft: Draft, language: str) -> Inquiry:
    finished = Finished(draft.answers, draft.consent, language, timezone.now(), draft.pk)
    parts = parts_of(finished, version_in_force(), free_references(1).pop())
    parts.inquiry.save(force_insert=True)
    parts.consent.save()
    IndexToken.objects.bulk_create(parts.tokens)
    Letter.objects.bulk_create(parts.letters)
    leave_event(parts.inquiry, Event.Kind.RECEIVED)
    return parts.inquiry
