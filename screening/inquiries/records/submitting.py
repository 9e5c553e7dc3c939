"""A finished draft becomes an inquiry, with its consent, search tokens and the letters owed, exactly once."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from screening.inquiries import clock, search
from screening.inquiries.records.writing import leave_event
from screening.inquiries.references import new_reference
from screening.inquiries.sealed import blind
from screening.models import Consent, Draft, Event, IndexToken, Inquiry, Letter, WordingVersion
from screening.questionnaire import drafts, flow, wording
from screening.questionnaire.catalogue import Answers
from screening.questionnaire.steps import QUESTIONNAIRE

CONTACT_STEP = "contact"


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
    answers, contact = _apart(flow.without_strays(QUESTIONNAIRE, draft.answers))
    digest, content = wording.current()
    version, _ = WordingVersion.objects.get_or_create(digest=digest, defaults={"content": content})
    now = timezone.now()
    inquiry = Inquiry.objects.create(
        draft_id=draft.pk,
        reference=_free_reference(),
        received_at=now,
        reply_due_at=clock.reply_due(now),
        language=language,
        wording=version,
        answers=answers,
        contact=contact,
    )
    consent_language, consent_version, _hash = draft.consent.split()
    Consent.objects.create(
        reference=inquiry.reference,
        wording=version,
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


def _free_reference() -> str:
    while Inquiry.objects.filter(reference=(reference := new_reference())).exists():
        pass
    return reference
