"""The forms of a record."""

from screening.desk.record.forms.contact import ContactForm
from screening.desk.record.forms.letter import LetterForm
from screening.desk.record.forms.marks import MarksForm
from screening.desk.record.forms.work import AssignForm, CallForm, FailedLetterForm, MoveForm, NoteForm, UndoForm

__all__ = [
    "AssignForm",
    "CallForm",
    "ContactForm",
    "FailedLetterForm",
    "LetterForm",
    "MarksForm",
    "MoveForm",
    "NoteForm",
    "UndoForm",
]
