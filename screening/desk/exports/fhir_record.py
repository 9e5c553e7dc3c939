"""One inquiry for the medical record as an HL7 FHIR R4B Bundle.

What the patient sent is a QuestionnaireResponse, beside the Questionnaire of the wording that they read. The inquiry
itself is a Task; each row of the sheet is a Task that is part of it. Letters and calls are Communications, times are
Appointments, events are AuditEvents. Codes are the stored values.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet

from screening.desk.labels import wording_in
from screening.desk.record.sheet import SheetRow, sheet_of
from screening.models import Appointment, Consent, Event, Inquiry, Letter, Mark, Message, Note, Status
from screening.questionnaire.fhir import Element, answer_to, canonical, group_id, questionnaire, uri
from screening.questionnaire.steps import FOR_SOMEONE_ELSE

_LANGUAGES = "urn:ietf:bcp:47"
_MEDIA = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
_STATUS = {
    Status.NEW: "requested",
    Status.IN_REVIEW: "in-progress",
    Status.WAITING: "on-hold",
    Status.OFFERED: "on-hold",
    Status.CLOSED: "completed",
}
_APPOINTMENT_STATUS = {
    Appointment.State.OFFERED: "proposed",
    Appointment.State.TAKEN: "pending",
    Appointment.State.CONFIRMED: "booked",
    Appointment.State.WITHDRAWN: "cancelled",
    Appointment.State.CANCELLED: "cancelled",
    Appointment.State.NO_SHOW: "noshow",
}
_MARKED = {
    Mark.Value.NOT_LOOKED_AT: "requested",
    Mark.Value.ASK: "in-progress",
    Mark.Value.DISCUSSED: "completed",
}


def bundle(inquiry: Inquiry, events: Iterable[Event], taken_at: datetime) -> Element:
    """The inquiry with ``events``; of a withdrawn one, what is not erased. Raises DecryptionError."""
    events = list(events)
    parts = {} if inquiry.is_erased else {"response": _response(inquiry, events), **_people(inquiry)}
    parts |= {"questionnaire": questionnaire(inquiry.wording_id, inquiry.wording.content), "task": _task(inquiry)}
    if consent := consent_of(inquiry):
        parts["consent"] = _consent(inquiry, consent)
    if not inquiry.is_erased:
        parts |= _written(inquiry)
    parts |= {f"event {number}": _event(inquiry, event) for number, event in enumerate(events)}
    return {
        "resourceType": "Bundle",
        "identifier": _identifier(inquiry),
        "type": "collection",
        "timestamp": taken_at.isoformat(),
        "entry": [{"fullUrl": _urn(inquiry, name), "resource": _without_empty(parts[name])} for name in parts],
    }


def consent_of(inquiry: Inquiry) -> Consent | None:
    return Consent.objects.select_related("wording").filter(reference=inquiry.reference).first()


def _written(inquiry: Inquiry) -> dict[str, Element]:
    """Marks, calls, letters, messages and appointments."""
    calls = _notes(inquiry).filter(kind=Note.Kind.CALL)
    letters = inquiry.letters.select_related("author").order_by("owed_at", "pk")
    return {
        **{f"row {row.id}": _row(inquiry, row) for row in sheet_of(inquiry)},
        **{f"call {call.pk}": _call(inquiry, call) for call in calls},
        **{f"letter {letter.pk}": _letter(inquiry, letter) for letter in letters},
        **{f"message {each.pk}": _message(inquiry, each) for each in inquiry.messages.select_related("author")},
        **{f"appointment {each.pk}": _appointment(inquiry, each) for each in inquiry.appointments.all()},
    }


def _response(inquiry: Inquiry, events: list[Event]) -> Element:
    """The answers in the words the patient read, with contact details as corrected since."""
    given = inquiry.answers | inquiry.contact
    groups = [_answered(step, given) for step in wording_in(inquiry, inquiry.language)["steps"]]
    is_corrected = any(event.kind == Event.Kind.CONTACT_CORRECTED for event in events)
    return {
        "resourceType": "QuestionnaireResponse",
        "language": inquiry.language,
        "identifier": _identifier(inquiry),
        "questionnaire": canonical(inquiry.wording_id),
        "status": "amended" if is_corrected else "completed",
        "subject": _reference(inquiry, "patient"),
        "authored": _moment(inquiry.received_at),
        "source": _sender(inquiry),
        "item": [group for group in groups if group["item"]],
    }


def _answered(step: Element, given: Element) -> Element:
    """The asked questions of a step; one left empty has no answer."""
    items = [
        {"linkId": question["key"], "text": question["label"], "answer": answer_to(question, given[question["key"]])}
        for question in step["questions"]
        if question["key"] in given
    ]
    return {"linkId": group_id(step["slug"]), "text": step.get("title") or step["section"], "item": items}


def _people(inquiry: Inquiry) -> dict[str, Element]:
    """The patient; if somebody else filled it in, that person too, who then has the contact details."""
    contact = inquiry.contact
    reached = {
        "name": _name(contact.get("name")),
        "telecom": [
            {"system": system, "value": contact[system]} for system in ("phone", "email") if contact.get(system)
        ],
        "communication": [{"language": _concept(_LANGUAGES, contact["language"])}] if "language" in contact else [],
    }
    if not FOR_SOMEONE_ELSE.holds(inquiry.answers):
        return {"patient": {"resourceType": "Patient", **reached}}
    return {
        "patient": {"resourceType": "Patient", "name": _name(contact.get("patient-name"))},
        "related": {"resourceType": "RelatedPerson", "patient": _reference(inquiry, "patient"), **reached},
    }


def _consent(inquiry: Inquiry, consent: Consent) -> Element:
    """The consent, with its text and version."""
    text = consent.wording.content.get(consent.language, {}).get("consent", {}).get("text")
    version = {"system": uri("consent"), "code": consent.version}
    return {
        "resourceType": "Consent",
        "language": consent.language,
        "identifier": [_identifier(inquiry)],
        "status": "inactive" if inquiry.is_withdrawn else "active",
        "scope": _concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        "category": [_concept("http://loinc.org", "59284-0")],
        # FHIR requires a patient; of an erased inquiry only the reference is left.
        "patient": {"display": inquiry.reference} if inquiry.is_erased else _reference(inquiry, "patient"),
        "dateTime": _moment(consent.given_at),
        "performer": [] if inquiry.is_erased else [_sender(inquiry)],
        "policyRule": {"coding": [version], "text": text},
    }


def _task(inquiry: Inquiry) -> Element:
    """The inquiry's status, deadlines, assignee and notes."""
    is_kept = not inquiry.is_erased
    moments = {"first-reply": inquiry.first_reply_at, "last-contact": inquiry.last_contact_at}
    return {
        "resourceType": "Task",
        "identifier": [_identifier(inquiry)],
        "status": "cancelled" if inquiry.is_withdrawn else _STATUS[Status(inquiry.status)],
        "statusReason": _concept(uri("closed-as"), inquiry.closed_as) if inquiry.closed_as else None,
        "businessStatus": _concept(uri("status"), inquiry.status),
        "intent": "order",
        "focus": _reference(inquiry, "response") if is_kept else None,
        "for": _reference(inquiry, "patient") if is_kept else None,
        "requester": _sender(inquiry) if is_kept else None,
        "authoredOn": _moment(inquiry.received_at),
        "executionPeriod": {"start": _moment(inquiry.first_opened_at)} if inquiry.first_opened_at else None,
        "restriction": {"period": {"end": _moment(inquiry.reply_due_at)}},
        "owner": _member(inquiry.assignee),
        "note": list(map(_remark, _notes(inquiry).exclude(kind=Note.Kind.CALL))) if is_kept else [],
        "input": [
            {"type": _concept(uri("task"), "wording"), "valueCanonical": canonical(inquiry.wording_id)},
            {"type": _concept(uri("task"), "language"), "valueCode": inquiry.language},
        ],
        "output": [
            {"type": _concept(uri("task"), name), "valueDateTime": _moment(at)} for name, at in moments.items() if at
        ],
    }


def _row(inquiry: Inquiry, row: SheetRow) -> Element:
    """Staff's mark and note on one row of the sheet; independent of the answer."""
    mark = row.mark
    at = mark.changed_at if mark.author else None
    return {
        "resourceType": "Task",
        "partOf": [_reference(inquiry, "task")],
        "status": _MARKED[Mark.Value(mark.value)],
        "businessStatus": _concept(uri("mark"), mark.value),
        "intent": "order",
        "code": _concept(uri("criteria" if row.criterion else "questions"), row.id),
        "description": row.name,
        "focus": _reference(inquiry, "response"),
        "for": _reference(inquiry, "patient"),
        "lastModified": _moment(at),
        "owner": _member(mark.author),
        "note": [_annotation(mark.author, at, mark.note)] if mark.note else [],
    }


def _notes(inquiry: Inquiry) -> QuerySet[Note]:
    return inquiry.notes.select_related("author")


def _remark(note: Note) -> Element:
    kind = {"url": uri("note-kind"), "valueCode": note.kind}
    return _annotation(note.author, note.written_at, note.text) | {"extension": [kind]}


def _call(inquiry: Inquiry, call: Note) -> Element:
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [_concept(uri("communication"), "call")],
        "medium": [_concept(_MEDIA, "PHONE")],
        "subject": _reference(inquiry, "patient"),
        "about": [_reference(inquiry, "task")],
        "sent": _moment(call.written_at),
        "recipient": [_sender(inquiry)],
        "sender": _member(call.author),
        "note": [_annotation(call.author, call.written_at, call.text)],
    }


def _letter(inquiry: Inquiry, letter: Letter) -> Element:
    """Which letter, and staff's paragraph; the rest of its text is not stored."""
    is_to_staff = letter.name in Letter.TO_STAFF
    status = "completed" if letter.sent_at else "not-done" if letter.gave_up_at else "preparation"
    moments = {"owed-at": letter.owed_at, "gave-up-at": letter.gave_up_at}
    return {
        "resourceType": "Communication",
        "extension": [{"url": uri(name), "valueDateTime": _moment(at)} for name, at in moments.items() if at],
        "status": status,
        "category": [_concept(uri("letter"), letter.name)],
        "medium": [_concept(_MEDIA, "EMAILWRIT")],
        "subject": _reference(inquiry, "patient"),
        "about": [_reference(inquiry, "task")],
        "sent": _moment(letter.sent_at),
        "recipient": [{"display": settings.CLINIC_NAME} if is_to_staff else _sender(inquiry)],
        "sender": _member(letter.author),
        "payload": [{"contentString": letter.free_text}] if letter.free_text else [],
    }


def _message(inquiry: Inquiry, message: Message) -> Element:
    """A message of the patient's page; ``received`` is when the patient read one of staff."""
    patient, staff = _sender(inquiry), _member(message.author)
    clinic = {"display": settings.CLINIC_NAME}
    return {
        "resourceType": "Communication",
        "status": "completed",
        "category": [_concept(uri("communication"), "message")],
        "medium": [_concept(_MEDIA, "WRITTEN")],
        "subject": _reference(inquiry, "patient"),
        "about": [_reference(inquiry, "task")],
        "sent": _moment(message.written_at),
        "received": _moment(message.read_at),
        "recipient": [clinic if message.is_from_patient else patient],
        "sender": patient if message.is_from_patient else staff,
        "payload": [{"contentString": message.text}],
    }


def _appointment(inquiry: Inquiry, one: Appointment) -> Element:
    """A time, from its offer on."""
    has_agreed = one.state not in (Appointment.State.OFFERED, Appointment.State.WITHDRAWN)
    return {
        "resourceType": "Appointment",
        "extension": [{"url": uri("video-link"), "valueUrl": one.link}] if one.link else [],
        "identifier": [{"system": uri("appointment"), "value": str(one.pk)}],
        "status": _APPOINTMENT_STATUS[Appointment.State(one.state)],
        "serviceType": [_concept(uri("appointment-kind"), one.kind)],
        "start": _moment(one.starts_at),
        "end": _moment(one.ends_at),
        "minutesDuration": one.minutes,
        "created": _moment(one.offered_at),
        "participant": [
            {"actor": _sender(inquiry), "status": "accepted" if has_agreed else "needs-action"},
            {"actor": {"display": settings.CLINIC_NAME}, "status": "accepted"},
        ],
    }


def _event(inquiry: Inquiry, event: Event) -> Element:
    return {
        "resourceType": "AuditEvent",
        "type": {"system": uri("event"), "code": event.kind},
        "recorded": _moment(event.at),
        "agent": [{"name": _account(event.actor), "requestor": event.actor is not None}],
        "source": {"observer": {"display": settings.CLINIC_NAME}},
        "entity": [{"what": _reference(inquiry, "task"), "description": event.detail or None}],
    }


def _sender(inquiry: Inquiry) -> Element:
    """The person who filled it in and gets the replies."""
    return _reference(inquiry, "related" if FOR_SOMEONE_ELSE.holds(inquiry.answers) else "patient")


def _urn(inquiry: Inquiry, name: str) -> str:
    """A URN that is the same in each export."""
    return uuid5(inquiry.pk, name).urn


def _reference(inquiry: Inquiry, name: str) -> Element:
    return {"reference": _urn(inquiry, name)}


def _identifier(inquiry: Inquiry) -> Element:
    return {"system": uri("reference"), "value": inquiry.reference}


def _concept(system: str, code: str) -> Element:
    return {"coding": [{"system": system, "code": code}]}


def _name(text: str | None) -> list[Element]:
    return [{"text": text}] if text else []


def _annotation(author: User | None, at: datetime | None, text: str) -> Element:
    return {"authorString": _account(author), "time": _moment(at), "text": text}


def _member(user: User | None) -> Element | None:
    return {"display": user.get_username()} if user else None


def _account(user: User | None) -> str | None:
    return user.get_username() if user else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _without_empty(part: Any) -> Any:
    """Without nulls and empty lists, which FHIR does not allow."""
    if isinstance(part, list):
        return [_without_empty(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: _without_empty(value) for name, value in part.items() if value is not None and value != []}
