"""Builds the rows of a new inquiry: inquiry, consent, blind index and letters. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from screening.inquiries import business_days, search
from screening.models import Consent, IndexToken, Inquiry, Letter, WordingVersion
from screening.privacy.blind_index import blind_index
from screening.questionnaire import flow, wording_versions
from screening.questionnaire.schema import Answers
from screening.questionnaire.steps import QUESTIONNAIRE

CONTACT_STEP = "contact"

# Rows of WordingVersion are never deleted.
_known_versions: set[str] = set()


@dataclass(frozen=True)
class CompletedDraft:
    """A questionnaire answered to its end; ``consent`` names the text, as `wording.consent_shown` does."""

    answers: Answers
    consent: str
    language: str
    at: datetime
    draft_id: UUID


@dataclass(frozen=True)
class NewInquiry:
    """The unsaved rows of one inquiry."""

    inquiry: Inquiry
    consent: Consent
    tokens: list[IndexToken]
    letters: list[Letter]


def build_inquiry(finished: CompletedDraft, version: str, reference: str) -> NewInquiry:
    """``version`` is the digest of the wording."""
    answers, contact = _split_contact(flow.without_unasked_answers(QUESTIONNAIRE, finished.answers))
    inquiry = Inquiry(
        draft_id=finished.draft_id,
        reference=reference,
        received_at=finished.at,
        reply_due_at=business_days.reply_due(finished.at),
        language=finished.language,
        wording_id=version,
        answers=answers,
        contact=contact,
    )
    consent_language, consent_version, _hash = finished.consent.split()
    consent = Consent(
        reference=reference,
        wording_id=version,
        version=consent_version,
        language=consent_language,
        given_at=finished.at,
        proof=blind_index("consent", f"{reference}\0{contact.get('email', '')}\0{contact.get('phone', '')}"),
    )
    owed = ["received", "new-inquiry"] if contact.get("email") else ["new-inquiry"]
    return NewInquiry(
        inquiry,
        consent,
        [IndexToken(inquiry_id=inquiry.pk, token=token) for token in sorted(search.index_tokens(contact))],
        [Letter(inquiry_id=inquiry.pk, name=name) for name in owed],
    )


def current_version_digest() -> str:
    """The digest of the current wording version, which is stored if it is not yet; each process checks once."""
    digest, content = wording_versions.current_wording()
    if digest not in _known_versions:
        WordingVersion.objects.get_or_create(digest=digest, defaults={"content": content})
        transaction.on_commit(lambda: _known_versions.add(digest))
    return digest


def forget_known_versions() -> None:
    """Check the database again: it may have been replaced, as by a restore."""
    _known_versions.clear()


def _split_contact(answers: Answers) -> tuple[Answers, Answers]:
    """Answers and contact details; contact details may be corrected later, answers never change."""
    of_contact = {question.key for question in QUESTIONNAIRE.step(CONTACT_STEP).questions}
    contact = {key: value for key, value in answers.items() if key in of_contact}
    return {key: value for key, value in answers.items() if key not in of_contact}, contact
