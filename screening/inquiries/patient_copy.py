"""The patient's copy of their data: answers, contact, consent, messages, appointments, letters; no note of staff."""

from dataclasses import dataclass
from datetime import datetime

from content import placeholders
from content.library import library
from screening.inquiries import clinic_time
from screening.models import Appointment, Consent, Inquiry, Letter, Message
from screening.questionnaire import answer_text


@dataclass(frozen=True)
class SentLetter:
    subject: str
    sent_at: datetime


@dataclass(frozen=True)
class CopiedAppointment:
    """``when`` is its time in words, as the patient reads it."""

    when: str
    appointment: Appointment


@dataclass(frozen=True)
class PatientCopy:
    """``sections`` have the answers as text; ``agreed_to`` is the text of the consent, in Markdown."""

    inquiry: Inquiry
    sections: list[answer_text.AnswerSection]
    consent: Consent
    agreed_to: str
    messages: list[Message]
    appointments: list[CopiedAppointment]
    letters: list[SentLetter]

    def as_json(self) -> dict:
        """JSON-able: dates in ISO 8601; each answer as text and as its stored value."""
        values = {**self.inquiry.answers, **self.inquiry.contact}
        return {
            "reference": self.inquiry.reference,
            "received_at": _iso(self.inquiry.received_at),
            "language": self.inquiry.language,
            "wording": self.inquiry.wording_id,
            "answers": [
                {"key": row.key, "question": row.question, "answer": row.answer, "value": values[row.key]}
                for section in self.sections
                for row in section.rows
            ],
            "consent": {
                "version": self.consent.version,
                "language": self.consent.language,
                "given_at": _iso(self.consent.given_at),
                "text": self.agreed_to,
            },
            "messages": [
                {
                    "from": "patient" if message.is_from_patient else "clinic",
                    "written_at": _iso(message.written_at),
                    "text": message.text,
                }
                for message in self.messages
            ],
            "appointments": [
                {
                    "starts_at": _iso(one.starts_at),
                    "minutes": one.minutes,
                    "kind": one.kind,
                    "link": one.link or "",
                    "state": one.state,
                    "time_zone": one.time_zone,
                }
                for one in (copied.appointment for copied in self.appointments)
            ],
            "letters": [{"subject": letter.subject, "sent_at": _iso(letter.sent_at)} for letter in self.letters],
        }


def patient_copy(inquiry: Inquiry, language: str) -> PatientCopy:
    """The copy of an inquiry that is not withdrawn, in ``language`` if its wording version has it."""
    content = inquiry.wording.content
    language = language if language in content else inquiry.language
    consent = Consent.objects.get(reference=inquiry.reference)
    answers = {**inquiry.answers, **inquiry.contact}
    sent = inquiry.letters.exclude(sent_at=None).exclude(name__in=Letter.TO_STAFF).order_by("sent_at")
    return PatientCopy(
        inquiry,
        answer_text.answer_sections(content[language], answers),
        consent,
        content[consent.language]["consent"]["text"],
        list(inquiry.messages.all()),
        [
            CopiedAppointment(clinic_time.time_in_words(one.starts_at, one.time_zone), one)
            for one in inquiry.appointments.all()
        ],
        [
            SentLetter(_subject(language, letter.name, inquiry.reference), letter.sent_at)
            for letter in sent
            if letter.sent_at
        ],
    )


def _subject(language: str, letter_name: str, reference: str) -> str:
    text = library().texts_in(language).letters[letter_name]
    return placeholders.fill(text.title, {"reference": reference})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
