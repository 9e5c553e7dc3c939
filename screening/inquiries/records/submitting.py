"""A finished draft becomes an inquiry, with its consent, search tokens and the letters owed, exactly once."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.inquiries.records.parts import Finished, look_for_the_version_again, parts_of, version_in_force
from screening.inquiries.records.writing import leave_event
from screening.inquiries.references import new_reference
from screening.models import Draft, Event, IndexToken, Inquiry, Letter
from screening.questionnaire import drafts, flow, limits
from screening.questionnaire.catalogue import Answers
from screening.questionnaire.steps import QUESTIONNAIRE

SOONEST_SEND = timedelta(seconds=3)  # after the start: nobody reads and answers so fast


class Incomplete(Exception):
    """The draft has questions left."""


class TooSoon(Exception):
    """The draft was begun a moment ago, as programs do."""


def submit(draft_id: UUID, language: str, address: str | None = None) -> Inquiry | None:
    """Turn a finished draft into an inquiry, exactly once; a repeat gets the same inquiry, a lost draft None.

    One transaction writes inquiry, consent and letters owed, and deletes the draft. The draft's id is unique on
    the inquiry, so two senders at one moment cannot both succeed. Raises Incomplete while a question is open, the
    consent included when its text has changed since it was given. Raises TooSoon, or TooMany from the client's
    ``address``; without one the clinic itself sends, whom nothing holds up.
    """
    try:
        return _submit_once(draft_id, language, address)
    except IntegrityError:  # the new reference is another inquiry's already, or the wording is not kept here: once more
        look_for_the_version_again()
        return _submit_once(draft_id, language, address)


def forget_device(draft_id: UUID | None) -> None:
    """The cookie of the device that sent an inquiry names it no more, so no copy of that cookie shows it."""
    Inquiry.objects.filter(draft_id=draft_id).update(draft_id=uuid4())


def _submit_once(draft_id: UUID, language: str, address: str | None) -> Inquiry | None:
    with transaction.atomic():
        draft = drafts.locked(draft_id)
        if draft is None:
            return Inquiry.objects.filter(draft_id=draft_id).first()
        drafts.ask_outdated_consent_again(draft)
        answers = draft.answers
        is_complete = flow.first_unanswered(QUESTIONNAIRE, answers) is None
        if is_complete:
            inquiry = _sent(draft, answers, language, address)
    if not is_complete:
        raise Incomplete  # after COMMIT, so that a consent that was taken out stays out
    return inquiry


def _sent(draft: Draft, answers: Answers, language: str, address: str | None) -> Inquiry:
    if address is not None:
        if timezone.now() - draft.started_at < SOONEST_SEND:
            raise TooSoon
        limits.count(limits.SENDS, address)
    inquiry = _record(Finished(answers, draft.consent, language, timezone.now(), draft.pk))
    draft.delete()
    return inquiry


def _record(finished: Finished) -> Inquiry:
    parts = parts_of(finished, version_in_force(), new_reference())
    parts.inquiry.save(force_insert=True)
    parts.consent.save()
    IndexToken.objects.bulk_create(parts.tokens)
    Letter.objects.bulk_create(parts.letters)
    leave_event(parts.inquiry, Event.Kind.RECEIVED)
    return parts.inquiry
