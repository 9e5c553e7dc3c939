"""How a person wished to be reached, as staff read it: contact details, and what a caller needs."""

from dataclasses import dataclass
from datetime import datetime

from screening.desk.words import CONTACT_WORDS, wording_in
from screening.inquiries.calling import CallSheet, call_sheet
from screening.models import Inquiry
from screening.questionnaire import readback

_MOST_TIMES = 4  # a number without an area, such as a free one, tells a dozen


@dataclass(frozen=True)
class Detail:
    key: str
    label: str
    said: str


@dataclass(frozen=True)
class Reach:
    """``details`` in the order of the contact step; ``calling`` has the links and the local times."""

    details: list[Detail]
    calling: CallSheet

    @property
    def tells_the_time(self) -> bool:
        return 0 < len(self.calling.local_times) <= _MOST_TIMES


def reach_of(inquiry: Inquiry, now: datetime) -> Reach:
    """In the reader's language; raises SealBroken when it cannot be opened."""
    wording = wording_in(inquiry)
    said = {"who": inquiry.answers.get("who", ""), **inquiry.contact}
    details = [
        Detail(row.key, CONTACT_WORDS.get(row.key, row.question), row.answer)
        for row in readback.rows(wording, said)
        if row.state != readback.NOT_ASKED
    ]
    return Reach(details, call_sheet(inquiry.contact, wording, now))
