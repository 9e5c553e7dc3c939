"""A finished draft becomes an inquiry, with its consent, search tokens and the letters owed, exactly once."""

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.inquiries import clock, search
from screening.inquiries.records.writing import leave_event
from screening.inquiries.references import new_reference
from screening.inquiries.sealed import blind
from screening.models import Consent, Draft, Event, IndexToken, Inquiry, Letter, WordingVersion
from screening.questionnaire import drafts, flow, limits, wording
from screening.questionnaire.catalogue import Answers
from screening.questionnaire.steps import QUESTIONNAIRE

CONTACT_STEP = "contact"
SOONEST_SEND = timedelta(seconds=3)  # after the start: nobody reads and answers so fast


# Rows of WordingVersion are never deleted.
_versions_kept: set[str] = set()


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
    except IntegrityError:  # the new reference is another inquiry's already: once more, with another one
        return _submit_once(draft_id, language, address)


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
    inquiry = _record(draft, answers, language)
    draft.delete()
    return inquiry


def _record(draft: Draft, answers: Answers, language: str) -> Inquiry:
    answers, contact = _apart(flow.without_strays(QUESTIONNAIRE, answers))
    version = _version_in_force()
    now = timezone.now()
    inquiry = Inquiry.objects.create(
        draft_id=draft.pk,
        reference=new_reference(),
        received_at=now,
        reply_due_at=clock.reply_due(now),
        language=language,
        wording_id=version,
        answers=answers,
        contact=contact,
    )
    consent_language, consent_version, _hash = draft.consent.split()
    Consent.objects.create(
        reference=inquiry.reference,
        wording_id=version,
        version=consent_version,
        language=consent_language,
        given_at=inquiry.received_at,
        proof=blind("consent", f"{inquiry.reference}\0{contact.get('email', '')}\0{contact.get('phone', '')}"),
    )
    IndexToken.objects.bulk_create(
        IndexToken(inquiry=inquiry, token=token) for token in sorted(search.tokens_of(contact))
    )
    owed = ["received", "new-inquiry"] if contact.get("email") else ["new-inquiry"]
    Letter.objects.bulk_create(Letter(inquiry=inquiry, name=name) for name in owed)
    leave_event(inquiry, Event.Kind.RECEIVED)
    return inquiry


def _apart(answers: Answers) -> tuple[Answers, Answers]:
    """Contact details apart from the other answers: the first may be corrected, the second never."""
    of_contact = {question.key for question in QUESTIONNAIRE.step(CONTACT_STEP).questions}
    contact = {key: value for key, value in answers.items() if key in of_contact}
    return {key: value for key, value in answers.items() if key not in of_contact}, contact


def _version_in_force() -> str:
    """The digest of the wording in force, which is kept; a process looks only once whether it is."""
    digest, content = wording.current()
    if digest not in _versions_kept:
        WordingVersion.objects.get_or_create(digest=digest, defaults={"content": content})
        transaction.on_commit(lambda: _versions_kept.add(digest))
    return digest
