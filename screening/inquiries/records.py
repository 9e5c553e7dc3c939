"""The only writer of inquiries: submit, withdraw, ask for a copy, open, mark, note, assign, move. Each an event."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from screening.inquiries import search
from screening.inquiries.references import new_reference
from screening.inquiries.sealed import blind
from screening.inquiries.status import moves_from
from screening.inquiries.tokens import COPY_OPENS_FOR
from screening.models import (
    ClosedAs,
    Consent,
    Draft,
    Event,
    IndexToken,
    Inquiry,
    Letter,
    Mark,
    Note,
    Status,
    WordingVersion,
)
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


class IllegalMove(Exception):
    """The table of moves does not have this one, or it lacks its reason."""


class IsWithdrawn(Exception):
    """The patient has taken the inquiry back: nothing is written to it any more."""


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
    inquiry = Inquiry.objects.create(
        draft_id=draft.pk,
        reference=new_reference(),
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
    _event(inquiry, Event.Kind.RECEIVED)
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


def withdraw(inquiry_id: UUID) -> None:
    """Erase at once what the patient sent and what staff wrote about it, and let staff know.

    Reference, dates and the proof of consent stay.
    """
    with transaction.atomic():
        inquiry = _locked(inquiry_id)
        if inquiry.is_withdrawn:
            return
        for written in (inquiry.tokens, inquiry.marks, inquiry.notes, inquiry.letters):
            written.all().delete()
        inquiry.answers = inquiry.contact = None
        inquiry.status, inquiry.closed_as, inquiry.assignee = Status.CLOSED, ClosedAs.WITHDRAWN, None
        inquiry.save()
        Letter.objects.create(inquiry=inquiry, name="withdrawn")
        _event(inquiry, Event.Kind.WITHDRAWN)


def ask_for_copy(inquiry_id: UUID) -> bool:
    """Owe the patient a letter with a link to all we hold; returns whether one is on its way or still opens.

    False when there is no e-mail address to send it to.
    """
    with transaction.atomic():
        inquiry = _locked(inquiry_id)
        if inquiry.is_withdrawn or not inquiry.contact.get("email"):
            return False
        if not is_copy_on_its_way(inquiry):
            Letter.objects.create(inquiry=inquiry, name="copy")
            _event(inquiry, Event.Kind.COPY_ASKED)
    return True


def is_copy_on_its_way(inquiry: Inquiry) -> bool:
    """Whether a copy is owed, or was sent so lately that its link still opens."""
    copies = inquiry.letters.filter(name="copy")
    return copies.unsent().exists() or copies.filter(sent_at__gt=timezone.now() - COPY_OPENS_FOR).exists()


def purge() -> int:
    """Erase the inquiries whose last contact lies RETENTION_DAYS back, whatever their status; returns how many.

    The evidence of consent stays. Until replies are recorded, the last contact is the day the inquiry came.
    """
    end = timezone.now() - timedelta(days=settings.RETENTION_DAYS)
    with transaction.atomic():
        due = Inquiry.objects.filter(received_at__lt=end)
        count = due.count()
        due.delete()
    return count


def opened(inquiry: Inquiry, by) -> None:
    """A member of staff has opened the record."""
    Inquiry.objects.filter(pk=inquiry.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    _event(inquiry, Event.Kind.OPENED, by)


def mark(inquiry: Inquiry, row: str, value: str, note: str, by) -> bool:
    """Set the mark and note of one row of the sheet; returns whether anything changed."""
    with transaction.atomic():
        _open_for_work(inquiry.pk)
        held = Mark.objects.filter(inquiry=inquiry, row=row).first() or Mark(inquiry=inquiry, row=row, note="")
        if (held.value, held.note) == (value, note):
            return False
        held.value, held.note, held.author, held.changed_at = value, note, by, timezone.now()
        held.save()
        _event(inquiry, Event.Kind.MARKED, by, row)
    return True


def note(inquiry: Inquiry, text: str, by) -> None:
    with transaction.atomic():
        _open_for_work(inquiry.pk)
        Note.objects.create(inquiry=inquiry, text=text, author=by)
        _event(inquiry, Event.Kind.NOTED, by)


def assign(inquiry: Inquiry, to, by) -> None:
    """Give the inquiry to a member of staff, or to nobody."""
    with transaction.atomic():
        held = _open_for_work(inquiry.pk)
        held.assignee = to
        held.save(update_fields=["assignee"])
        _event(held, Event.Kind.ASSIGNED, by, to.get_username() if to else "")


def move(inquiry: Inquiry, to: str, by, closed_as: str = "", reason: str = "") -> None:
    """Move the status along the table; closing names how, reopening says why (kept as a note).

    Raises IllegalMove when the table, as the record stands now, does not allow it.
    """
    with transaction.atomic():
        held = _open_for_work(inquiry.pk)
        is_reopening = held.status == Status.CLOSED
        if to not in moves_from(held) or (is_reopening and not reason):
            raise IllegalMove
        if (to == Status.CLOSED) != (closed_as in ClosedAs.values) or closed_as == ClosedAs.WITHDRAWN:
            raise IllegalMove
        before, held.status, held.closed_as = held.status, to, closed_as
        held.save(update_fields=["status", "closed_as"])
        _event(held, Event.Kind.MOVED, by, f"{before} → {to}{f' ({closed_as})' if closed_as else ''}")
        if reason:
            note(held, reason, by)


def _locked(inquiry_id: UUID) -> Inquiry:
    return Inquiry.objects.select_for_update().get(pk=inquiry_id)


def _open_for_work(inquiry_id: UUID) -> Inquiry:
    """The locked inquiry, for staff to write to; raises IsWithdrawn."""
    held = _locked(inquiry_id)
    if held.is_withdrawn:
        raise IsWithdrawn
    return held


def _event(inquiry: Inquiry, kind: str, by=None, detail: str = "") -> None:
    Event.objects.create(inquiry=inquiry, kind=kind, actor=by, detail=detail)
