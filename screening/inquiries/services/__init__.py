"""The only writers of inquiries, by subject. Each locks the inquiry's row, checks, writes, and leaves an event.

What staff write takes ``by``, who does it, and ``seen``: the number of the newest event their page was made with (see
`newest_event`). Has a colleague changed the same thing since, Stale is raised inside the transaction, carrying what
changed; so nobody overwrites anybody, and the page can show it beside what was typed. ``seen=None`` leaves that check
out. To an inquiry that was withdrawn nothing is written: IsWithdrawn; only a legal hold can be lifted.
"""

from screening.inquiries.services.annotation import add_note, record_exported, record_opened, set_mark, set_marks
from screening.inquiries.services.bulk import BulkResult, bulk_assign, bulk_close
from screening.inquiries.services.contact import Unreachable, correct_contact, log_call
from screening.inquiries.services.copy_request import is_copy_pending, request_copy
from screening.inquiries.services.demo_inquiries import DemoInquiry, create_demo_inquiries
from screening.inquiries.services.erasure import RequestChannel, erase_on_request, purge, withdraw
from screening.inquiries.services.erasure_replay import Reapplied, reapply_erasures
from screening.inquiries.services.legal_hold import HoldUnchanged, lift_hold, place_hold
from screening.inquiries.services.locking import Conflict, IsWithdrawn, current_version, current_versions
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
    IncompleteDraft,
    SubmittedTooFast,
    submit,
    unlink_device,
)
from screening.outbox.queue import (
    NotFailed,
    dismiss_letter,
    mark_failed,
    mark_sent,
    queue_digest,
    queue_letter,
    queue_overdue_reminders,
    retry_letter,
)

__all__ = [
    "MINIMUM_FILL_TIME",
    "UNDO_WINDOW",
    "RequestChannel",
    "HoldUnchanged",
    "IllegalMove",
    "IncompleteDraft",
    "DemoInquiry",
    "IsWithdrawn",
    "NotFailed",
    "Unreachable",
    "NothingToUndo",
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
    "mark_failed",
    "mark_sent",
    "lift_hold",
    "log_call",
    "set_mark",
    "set_marks",
    "move_status",
    "current_version",
    "current_versions",
    "add_note",
    "record_opened",
    "queue_digest",
    "purge",
    "queue_overdue_reminders",
    "reapply_erasures",
    "retry_letter",
    "queue_letter",
    "dismiss_letter",
    "submit",
    "undo_status_move",
    "undoable_move",
    "withdraw",
]
