"""What staff may write on a record, one form for each kind of work."""

from screening.desk.forms.contact import ContactForm
from screening.desk.forms.letter import LetterForm
from screening.desk.forms.marks import MarksForm
from screening.desk.forms.work import AssignForm, CallForm, FailedLetterForm, MoveForm, NoteForm, UndoForm

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
