"""The only writers of inquiries, by subject. Each locks the inquiry's row, checks, writes, and leaves an event.

What staff write takes ``by``, who does it, and ``seen``: the number of the newest event their page was made with (see
`newest_event`). Has a colleague changed the same thing since, Stale is raised inside the transaction, carrying what
changed; so nobody overwrites anybody, and the page can show it beside what was typed. ``seen=None`` leaves that check
out. To an inquiry that was withdrawn nothing is written: IsWithdrawn; only a legal hold can be lifted.
"""

from screening.inquiries.records.contacting import NotReachable, correct_contact, log_call
from screening.inquiries.records.copying import ask_for_copy, is_copy_on_its_way
from screening.inquiries.records.erasing import AskedBy, erase_on_request, purge, withdraw
from screening.inquiries.records.holding import HoldUnchanged, hold, lift_hold
from screening.inquiries.records.inventing import Invented, invent
from screening.inquiries.records.marking import exported, mark, mark_rows, note, opened
from screening.inquiries.records.moving import (
    UNDO_WITHIN,
    IllegalMove,
    NothingToUndo,
    assign,
    move,
    undo_move,
    undoable,
)
from screening.inquiries.records.posting import (
    NotGivenUp,
    letter_given_up,
    letter_sent,
    owe_digest,
    remind_of_overdue,
    retry_letter,
    send_letter,
    set_aside_letter,
)
from screening.inquiries.records.replaying import Replayed, replay
from screening.inquiries.records.several import Outcome, assign_many, close_many
from screening.inquiries.records.submitting import SOONEST_SEND, Incomplete, TooSoon, forget_device, submit
from screening.inquiries.records.writing import IsWithdrawn, Stale, newest_event, newest_events

__all__ = [
    "SOONEST_SEND",
    "UNDO_WITHIN",
    "AskedBy",
    "HoldUnchanged",
    "IllegalMove",
    "Incomplete",
    "Invented",
    "IsWithdrawn",
    "NotGivenUp",
    "NotReachable",
    "NothingToUndo",
    "Outcome",
    "Replayed",
    "Stale",
    "TooSoon",
    "ask_for_copy",
    "assign",
    "assign_many",
    "close_many",
    "correct_contact",
    "erase_on_request",
    "exported",
    "forget_device",
    "hold",
    "invent",
    "is_copy_on_its_way",
    "letter_given_up",
    "letter_sent",
    "lift_hold",
    "log_call",
    "mark",
    "mark_rows",
    "move",
    "newest_event",
    "newest_events",
    "note",
    "opened",
    "owe_digest",
    "purge",
    "remind_of_overdue",
    "replay",
    "retry_letter",
    "send_letter",
    "set_aside_letter",
    "submit",
    "undo_move",
    "undoable",
    "withdraw",
]
