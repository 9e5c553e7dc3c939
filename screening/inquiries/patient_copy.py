"""What we hold about a person, for that person: answers, contact, consent, letters and dates. Not staff's notes."""

from dataclasses import dataclass
from datetime import datetime

from content import placeholders
from content.library import library
from screening.models import Consent, Inquiry, Letter
from screening.questionnaire import answer_text


@dataclass(frozen=True)
class SentLetter:
    subject: str
    sent_at: datetime


@dataclass(frozen=True)
class PatientCopy:
    """``sections`` hold the answers in words; ``agreed_to`` is the consent in Markdown, as it was given."""

    inquiry: Inquiry
    sections: list[answer_text.AnswerSection]
    consent: Consent
    agreed_to: str
    letters: list[SentLetter]

    def as_json(self) -> dict:
        """Dates in ISO 8601, answers by question, each with its stored value, for another program to read."""
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
            "letters": [{"subject": letter.subject, "sent_at": _iso(letter.sent_at)} for letter in self.letters],
        }


def patient_copy(inquiry: Inquiry, language: str) -> PatientCopy:
    """The copy of an inquiry that is not withdrawn, in a language of the wording it was sent under."""
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
        [SentLetter(_subject(language, letter), letter.sent_at) for letter in sent],
    )


def _subject(language: str, letter: Letter) -> str:
    """A letter's subject in any language that the clinic writes in."""
    text = library().shelf(language).letters[letter.name]
    return placeholders.fill(text.title, {"reference": letter.inquiry.reference})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
