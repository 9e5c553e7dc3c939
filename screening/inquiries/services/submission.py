"""Turns a completed draft into an inquiry with consent, blind index, letters and an event, exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from screening.inquiries import business_days, search
from screening.inquiries.references import new_reference
from screening.inquiries.services.bulk_insert import insert_rows
from screening.models import Consent, Draft, Event, IndexToken, Inquiry, Letter, WordingVersion
from screening.privacy.blind_index import blind_index
from screening.questionnaire import drafts, flow, rate_limits, wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from screening.questionnaire.types import Answers

MINIMUM_FILL_TIME = timedelta(seconds=3)  # since the draft was started: people are slower
CONTACT_STEP = "contact"

# Rows of WordingVersion are never deleted.
_known_versions: set[str] = set()


class IncompleteDraft(Exception):
    """The draft has unanswered questions."""


class AnswersChanged(Exception):
    """The check page showed other answers than the draft has now: another tab changed or replaced the draft."""


class SubmittedTooFast(Exception):
    """The draft was started less than MINIMUM_FILL_TIME ago."""


@dataclass(frozen=True)
class CompletedDraft:
    """A completed questionnaire; ``consent`` is a `wording_versions.consent_version`."""

    answers: Answers
    consent: str
    language: str
    at: datetime
    draft_id: UUID


@dataclass(frozen=True)
class NewInquiry:
    inquiry: Inquiry
    consent: Consent
    tokens: list[IndexToken]
    letters: list[Letter]


def submit(
    draft_id: UUID, language: str, address: str | None = None, answers_shown: str | None = None
) -> Inquiry | None:
    """Turn a completed draft into an inquiry; a repeat returns the same inquiry. Returns None for an unknown draft.

    One transaction deletes the draft and inserts all rows. The draft's id is unique on the inquiry, so of two
    concurrent requests only one inserts. ``address`` is the client's IP address (None: skip the bot checks),
    ``answers_shown`` the token of the check page (None: skip the comparison). Raises IncompleteDraft if a question is
    unanswered or the text of the consent has changed, AnswersChanged, SubmittedTooFast or RateLimited.
    """
    try:
        return _submit_once(draft_id, language, address, answers_shown)
    except IntegrityError:  # the reference is taken, or the wording version is not stored (after a restore): try again
        forget_known_versions()
        return _submit_once(draft_id, language, address, answers_shown)
    except IncompleteDraft:
        drafts.reset_outdated_consent(draft_id)
        raise


def unlink_device(draft_id: UUID | None) -> None:
    """Detach the inquiry from the draft cookie, so that a copied cookie no longer shows it."""
    if draft_id is not None:
        Inquiry.objects.filter(draft_id=draft_id).update(draft_id=uuid4())


def _submit_once(draft_id: UUID, language: str, address: str | None, answers_shown: str | None) -> Inquiry | None:
    with transaction.atomic():  # an exception rolls back, which restores the draft
        draft = drafts.take_draft(draft_id)
        if draft is None:
            return Inquiry.objects.filter(draft_id=draft_id).first()
        answers = draft.answers
        if drafts.is_consent_outdated(draft) or flow.first_unanswered(QUESTIONNAIRE, answers):
            raise IncompleteDraft
        if answers_shown is not None and not constant_time_compare(answers_shown, drafts.answers_token(draft)):
            raise AnswersChanged
        if address is not None:
            _reject_bots(draft, address)
        return _insert_inquiry(CompletedDraft(answers, draft.consent, language, timezone.now(), draft.pk))


def _reject_bots(draft: Draft, address: str) -> None:
    if timezone.now() - draft.started_at < MINIMUM_FILL_TIME:
        raise SubmittedTooFast
    rate_limits.check_rate_limit(rate_limits.SENDS, address)


def _insert_inquiry(completed: CompletedDraft) -> Inquiry:
    rows = build_inquiry(completed, current_version_digest(), new_reference())
    insert_rows([rows.inquiry])
    insert_rows([rows.consent])
    insert_rows(rows.tokens)
    insert_rows(rows.letters)
    insert_rows([Event(inquiry_id=rows.inquiry.pk, kind=Event.Kind.RECEIVED)])
    return rows.inquiry


def build_inquiry(completed: CompletedDraft, version: str, reference: str) -> NewInquiry:
    """``version`` is the digest of the wording version."""
    answers, contact = _split_contact(flow.without_unasked_answers(QUESTIONNAIRE, completed.answers))
    inquiry = Inquiry(
        draft_id=completed.draft_id,
        reference=reference,
        received_at=completed.at,
        reply_due_at=business_days.reply_due(completed.at),
        unanswered_since=completed.at,
        language=completed.language,
        wording_id=version,
        answers=answers,
        contact=contact,
    )
    consent_language, consent_version, _hash = completed.consent.split()
    consent = Consent(
        reference=reference,
        wording_id=version,
        version=consent_version,
        language=consent_language,
        given_at=completed.at,
        proof=blind_index("consent", f"{reference}\0{contact.get('email', '')}\0{contact.get('phone', '')}"),
    )
    letter_names = ["received", "new-inquiry"] if contact.get("email") else ["new-inquiry"]
    return NewInquiry(
        inquiry,
        consent,
        [IndexToken(inquiry_id=inquiry.pk, token=token) for token in sorted(search.index_tokens(contact))],
        [Letter(inquiry_id=inquiry.pk, name=name) for name in letter_names],
    )


def current_version_digest() -> str:
    """The digest of the current wording version; stores the version if it is new. Checked once per process."""
    digest, content = wording_versions.current_wording()
    if digest not in _known_versions:
        WordingVersion.objects.get_or_create(digest=digest, defaults={"content": content})
        transaction.on_commit(lambda: _known_versions.add(digest))
    return digest


def forget_known_versions() -> None:
    """Clear the cache of stored versions: a restore may have replaced the database."""
    _known_versions.clear()


def _split_contact(answers: Answers) -> tuple[Answers, Answers]:
    """Answers and contact details; only contact details may be corrected later."""
    contact_keys = {question.key for question in QUESTIONNAIRE.step(CONTACT_STEP).questions}
    contact = {key: value for key, value in answers.items() if key in contact_keys}
    return {key: value for key, value in answers.items() if key not in contact_keys}, contact
