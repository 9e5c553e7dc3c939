"""Submits a completed draft: it becomes an inquiry, with consent, blind index, letters and an event, exactly once."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from screening.inquiries.references import new_reference
from screening.inquiries.services.bulk_insert import insert_rows
from screening.inquiries.services.new_inquiry import (
    CompletedDraft,
    build_inquiry,
    current_version_digest,
    forget_known_versions,
)
from screening.models import Draft, Event, Inquiry
from screening.questionnaire import drafts, flow, rate_limits
from screening.questionnaire.steps import QUESTIONNAIRE

MINIMUM_FILL_TIME = timedelta(seconds=3)  # after the start: nobody reads and answers so fast


class IncompleteDraft(Exception):
    """The draft has unanswered questions."""


class AnswersChanged(Exception):
    """The draft holds other answers than the check page showed, or is another one: another tab changed it."""


class SubmittedTooFast(Exception):
    """The draft was begun less than MINIMUM_FILL_TIME ago."""


def submit(
    draft_id: UUID, language: str, address: str | None = None, answers_shown: str | None = None
) -> Inquiry | None:
    """Turn a completed draft into an inquiry, exactly once; a repeat returns the same inquiry, a missing draft None.

    One transaction writes inquiry, consent and letters, and deletes the draft. The draft's id is unique on the
    inquiry, so of two concurrent requests one succeeds. Raises IncompleteDraft while a question is unanswered, the
    consent included when its text has changed since it was given. ``answers_shown`` is the token of the check page;
    raises AnswersChanged where the draft holds other answers. Raises SubmittedTooFast, or RateLimited for the client's
    ``address``; without one the clinic itself sends, and neither applies.
    """
    try:
        return _submit_once(draft_id, language, address, answers_shown)
    except IntegrityError:  # the new reference is another inquiry's already, or the wording is not kept here: once more
        forget_known_versions()
        return _submit_once(draft_id, language, address, answers_shown)
    except IncompleteDraft:
        drafts.reset_outdated_consent(draft_id)
        raise


def unlink_device(draft_id: UUID | None) -> None:
    """Detach the inquiry from the cookie of the device that sent it, so that a copy of the cookie shows nothing."""
    Inquiry.objects.filter(draft_id=draft_id).update(draft_id=uuid4())


def _submit_once(draft_id: UUID, language: str, address: str | None, answers_shown: str | None) -> Inquiry | None:
    with transaction.atomic():  # whatever is raised in it gives the draft back
        draft = drafts.take_draft(draft_id)
        if draft is None:
            return Inquiry.objects.filter(draft_id=draft_id).first()
        answers = draft.answers
        if drafts.is_consent_outdated(draft) or flow.first_unanswered(QUESTIONNAIRE, answers):
            raise IncompleteDraft
        if answers_shown is not None and not constant_time_compare(answers_shown, drafts.answers_token(draft)):
            raise AnswersChanged
        if address is not None:
            _refuse_programs(draft, address)
        return _record(CompletedDraft(answers, draft.consent, language, timezone.now(), draft.pk))


def _refuse_programs(draft: Draft, address: str) -> None:
    if timezone.now() - draft.started_at < MINIMUM_FILL_TIME:
        raise SubmittedTooFast
    rate_limits.check_rate_limit(rate_limits.SENDS, address)


def _record(finished: CompletedDraft) -> Inquiry:
    parts = build_inquiry(finished, current_version_digest(), new_reference())
    insert_rows([parts.inquiry])
    insert_rows([parts.consent])
    insert_rows(parts.tokens)
    insert_rows(parts.letters)
    insert_rows([Event(inquiry_id=parts.inquiry.pk, kind=Event.Kind.RECEIVED)])
    return parts.inquiry
