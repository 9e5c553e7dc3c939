"""The services that write inquiries. Each locks the inquiry's row, validates, writes, and adds an event.

A service for staff takes ``by``, the member of staff, and ``version``: the version of the inquiry that their page
showed (see `current_version`). If a colleague has changed the same part since then, the service writes nothing and
raises Conflict with the colleague's events. ``version=None`` skips the check. Changing a withdrawn inquiry raises
IsWithdrawn; only its legal hold can be lifted.
"""

from screening.inquiries.services.annotation import add_note, record_exported, record_opened, set_mark, set_marks
from screening.inquiries.services.appointments import (
    MAX_OFFERS,
    AppointmentChanged,
    OfferEnded,
    Time,
    TimePast,
    TimeTaken,
    TooManyOffers,
    ask_for_other_times,
    cancel,
    cancel_by_patient,
    confirm,
    move,
    offer_times,
    open_offers,
    record_no_show,
    take,
    withdraw_offer,
)
from screening.inquiries.services.bulk import BulkResult, bulk_assign, bulk_close
from screening.inquiries.services.contact import Unreachable, correct_contact, log_call
from screening.inquiries.services.copy_request import is_copy_pending, request_copy
from screening.inquiries.services.demo_inquiries import DemoInquiry, create_demo_inquiries
from screening.inquiries.services.erasure import RequestChannel, erase_on_request, withdraw
from screening.inquiries.services.erasure_replay import Reapplied, reapply_erasures
from screening.inquiries.services.legal_hold import HoldUnchanged, lift_hold, place_hold
from screening.inquiries.services.locking import Conflict, IsWithdrawn, current_version, current_versions
from screening.inquiries.services.messaging import (
    CALL_TIME,
    InquiryClosed,
    NoEmailAddress,
    TooManyReplies,
    mark_messages_read,
    receive_call_time,
    receive_message,
    write_message,
)
from screening.inquiries.services.patient_access import (
    IDLE_TIMEOUT,
    TooManyCodes,
    access_code,
    delete_expired_accesses,
    end_access,
    find_access,
    open_access,
    request_code,
    save_rejected_input,
    save_time_zone,
    seconds_until_code,
)
from screening.inquiries.services.retention import PurgeStopped, purge, stop_reason
from screening.inquiries.services.status_change import (
    UNDO_WINDOW,
    IllegalMove,
    NothingToUndo,
    assign,
    move_status,
    undo_status_move,
    undoable_move,
)
from screening.inquiries.services.submission import (
    MINIMUM_FILL_TIME,
    AnswersChanged,
    IncompleteDraft,
    SubmittedTooFast,
    submit,
    unlink_device,
)
from screening.inquiries.services.work import Work, record_work

__all__ = [
    "CALL_TIME",
    "IDLE_TIMEOUT",
    "MAX_OFFERS",
    "MINIMUM_FILL_TIME",
    "AppointmentChanged",
    "OfferEnded",
    "Time",
    "TimePast",
    "TimeTaken",
    "TooManyOffers",
    "ask_for_other_times",
    "cancel",
    "cancel_by_patient",
    "confirm",
    "move",
    "offer_times",
    "open_offers",
    "record_no_show",
    "take",
    "withdraw_offer",
    "InquiryClosed",
    "NoEmailAddress",
    "TooManyCodes",
    "TooManyReplies",
    "access_code",
    "delete_expired_accesses",
    "end_access",
    "find_access",
    "mark_messages_read",
    "open_access",
    "receive_call_time",
    "receive_message",
    "request_code",
    "seconds_until_code",
    "save_rejected_input",
    "save_time_zone",
    "write_message",
    "Work",
    "record_work",
    "UNDO_WINDOW",
    "RequestChannel",
    "HoldUnchanged",
    "IllegalMove",
    "IncompleteDraft",
    "DemoInquiry",
    "IsWithdrawn",
    "Unreachable",
    "NothingToUndo",
    "PurgeStopped",
    "AnswersChanged",
    "BulkResult",
    "Reapplied",
    "Conflict",
    "SubmittedTooFast",
    "request_copy",
    "assign",
    "bulk_assign",
    "bulk_close",
    "correct_contact",
    "erase_on_request",
    "record_exported",
    "unlink_device",
    "place_hold",
    "create_demo_inquiries",
    "is_copy_pending",
    "lift_hold",
    "log_call",
    "set_mark",
    "set_marks",
    "move_status",
    "current_version",
    "current_versions",
    "add_note",
    "record_opened",
    "purge",
    "stop_reason",
    "reapply_erasures",
    "submit",
    "undo_status_move",
    "undoable_move",
    "withdraw",
]
