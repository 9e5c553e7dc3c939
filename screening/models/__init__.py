"""The database models. Text written by patients and staff is encrypted.

Each index adds a disk page to every submission, so there are only those that a query uses: foreign keys such as
author and wording have none.
"""

from screening.models.annotations import Mark, Note
from screening.models.appointments import SLOT, Appointment, AppointmentQuerySet, BookedSlot, is_free, slots_of
from screening.models.check_results import CheckResult
from screening.models.consent import Consent, WordingVersion
from screening.models.conversation import MAX_MESSAGE_LENGTH, Message, PatientAccess
from screening.models.drafts import Draft, Tally
from screening.models.events import Event
from screening.models.inquiries import IndexToken, Inquiry
from screening.models.letters import Letter
from screening.models.querysets import INBOX_ORDER, InquiryQuerySet
from screening.models.schedules import Schedule
from screening.models.status import ClosedAs, Status, Turn, turn_of
from screening.privacy.erasure_log import LedgerEntry
from screening.privacy.key_check import KeyCheck

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "BookedSlot",
    "CheckResult",
    "ClosedAs",
    "Consent",
    "Draft",
    "Event",
    "INBOX_ORDER",
    "IndexToken",
    "Inquiry",
    "InquiryQuerySet",
    "KeyCheck",
    "LedgerEntry",
    "Letter",
    "MAX_MESSAGE_LENGTH",
    "Mark",
    "Message",
    "Note",
    "PatientAccess",
    "SLOT",
    "Schedule",
    "Status",
    "Tally",
    "Turn",
    "WordingVersion",
    "is_free",
    "slots_of",
    "turn_of",
]
