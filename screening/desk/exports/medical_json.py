"""One inquiry as JSON for the medical record: stored values, and the words as the patient read them.

Times are in UTC; what is not there is null or empty.
"""

from collections.abc import Iterable

from screening.desk.labels import wording_in
from screening.desk.record.sheet import sheet_of
from screening.models import Consent, Event, Inquiry
from screening.questionnaire import answer_text


def whole(inquiry: Inquiry, events: Iterable[Event]) -> dict:
    """All there is; of a withdrawn one what was not erased. Raises SealBroken when it cannot be opened."""
    content = _administrative(inquiry) | _consent(inquiry) | {"events": list(map(_event, events))}
    return content if inquiry.is_erased else content | _given(inquiry) | _written(inquiry)


def consent_of(inquiry: Inquiry) -> Consent | None:
    return Consent.objects.select_related("wording").filter(reference=inquiry.reference).first()


def _administrative(inquiry: Inquiry) -> dict:
    return {
        "reference": inquiry.reference,
        "language": inquiry.language,
        "wording": inquiry.wording_id,
        "status": inquiry.status,
        "closed_as": inquiry.closed_as or None,
        "assigned_to": inquiry.assignee.get_username() if inquiry.assignee else None,
        "received_at": inquiry.received_at,
        "first_opened_at": inquiry.first_opened_at,
        "reply_due_at": inquiry.reply_due_at,
        "first_reply_at": inquiry.first_reply_at,
        "last_contact_at": inquiry.last_contact_at,
    }


def _consent(inquiry: Inquiry) -> dict:
    consent = consent_of(inquiry)
    if consent is None:
        return {"consent": None}
    words = consent.wording.content.get(consent.language, {}).get("consent", {})
    given = {"version": consent.version, "language": consent.language, "given_at": consent.given_at}
    return {"consent": given | {"text": words.get("text")}}


def _given(inquiry: Inquiry) -> dict:
    """What the patient sent, in the words they read, and staff's marks on it."""
    rows = answer_text.answer_rows(wording_in(inquiry, inquiry.language), inquiry.answers)
    return {
        "contact": inquiry.contact,
        "answers": [
            {
                "key": row.key,
                "question": row.question,
                "state": row.state,
                "value": inquiry.answers.get(row.key),
                "answer": row.answer,
                "criteria": list(row.criteria),
            }
            for row in rows
            if row.slug != "contact"
        ],
        "marks": [
            {
                "row": row.id,
                "criterion": row.criterion or None,
                "mark": row.mark.value,
                "note": row.mark.note,
                "by": _account(row.mark.author),
                "at": row.mark.changed_at if row.mark.author else None,
            }
            for row in sheet_of(inquiry)
        ],
    }


def _written(inquiry: Inquiry) -> dict:
    """What staff wrote."""
    notes = inquiry.notes.select_related("author")
    letters = inquiry.letters.select_related("author").order_by("owed_at", "pk")
    return {
        "notes": [
            {"kind": note.kind, "text": note.text, "by": _account(note.author), "at": note.written_at} for note in notes
        ],
        "letters": [
            {
                "name": letter.name,
                "by": _account(letter.author),
                "paragraph": letter.free_text,
                "owed_at": letter.owed_at,
                "sent_at": letter.sent_at,
                "gave_up_at": letter.gave_up_at,
            }
            for letter in letters
        ],
    }


def _event(event: Event) -> dict:
    return {"kind": event.kind, "detail": event.detail, "by": _account(event.actor), "at": event.at}


def _account(user) -> str | None:
    return user.get_username() if user else None
