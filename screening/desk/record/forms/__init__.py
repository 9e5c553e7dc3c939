"""The forms of a record."""

from screening.desk.record.forms.appointments import AppointmentForm, MoveTimeForm, OfferForm
from screening.desk.record.forms.basic import (
    AssignForm,
    CallForm,
    FailedLetterForm,
    MessageForm,
    MoveForm,
    NoteForm,
    UndoForm,
)
from screening.desk.record.forms.contact import ContactForm
from screening.desk.record.forms.letter import LetterForm
from screening.desk.record.forms.marks import MarksForm
from screening.desk.record.forms.work import WorkForm

__all__ = [
    "AppointmentForm",
    "AssignForm",
    "CallForm",
    "ContactForm",
    "FailedLetterForm",
    "LetterForm",
    "MarksForm",
    "MessageForm",
    "MoveForm",
    "MoveTimeForm",
    "NoteForm",
    "OfferForm",
    "UndoForm",
    "WorkForm",
]
