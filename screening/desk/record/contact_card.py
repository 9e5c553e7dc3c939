"""How a person wished to be reached, as staff read it: contact details, and what a caller needs."""

from dataclasses import dataclass
from datetime import datetime

from screening.desk.labels import CONTACT_LABELS, wording_in
from screening.desk.record.call_sheet import CallSheet, call_sheet
from screening.models import Inquiry
from screening.questionnaire import answer_text

_MOST_TIMES = 4  # a number without an area, such as a free one, tells a dozen


@dataclass(frozen=True)
class Detail:
    key: str
    label: str
    said: str


@dataclass(frozen=True)
class ContactCard:
    """``details`` in the order of the contact step; ``calling`` has the links and the local times."""

    details: list[Detail]
    calling: CallSheet

    @property
    def tells_the_time(self) -> bool:
        return 0 < len(self.calling.local_times) <= _MOST_TIMES


def contact_card(inquiry: Inquiry, now: datetime) -> ContactCard:
    """In the reader's language; raises SealBroken when it cannot be opened."""
    wording = wording_in(inquiry)
    said = {"who": inquiry.answers.get("who", ""), **inquiry.contact}
    details = [
        Detail(row.key, CONTACT_LABELS.get(row.key, row.question), row.answer)
        for row in answer_text.answer_rows(wording, said)
        if row.state != answer_text.NOT_ASKED
    ]
    return ContactCard(details, call_sheet(inquiry.contact, wording, now))
