"""What staff may write on a sheet: marks with notes, a remark, an assignee, a move."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from screening.desk import rights
from screening.desk.sheet import SheetRow
from screening.inquiries.status import moves_from
from screening.models import ClosedAs, Inquiry, Mark, Status
from screening.questionnaire.fields import PlainField
from screening.questionnaire.plain import plain

_MOST = 2000  # characters of a note


class MarksForm(forms.Form):
    """A mark and a note for every row of the sheet. Only what was changed is written, and never over a colleague's.

    Each field carries what it showed at first, so that a row changed by two people at once is noticed.
    """

    def __init__(self, rows: list[SheetRow], data=None):
        super().__init__(data)
        self.rows = rows
        for row in rows:
            self.fields[f"mark-{row.id}"] = forms.ChoiceField(
                choices=Mark.Value.choices,
                widget=forms.RadioSelect,
                initial=row.mark.value,
                label=_("Mark"),
                show_hidden_initial=True,
            )
            self.fields[f"note-{row.id}"] = PlainField(
                lines=True,
                required=False,
                max_length=_MOST,
                initial=row.mark.note,
                label=_("Note"),
                show_hidden_initial=True,
                widget=forms.Textarea(attrs={"rows": 1, "aria-label": _("Note on this row")}),
            )

    def lines(self):
        """Each row with its two bound fields and what they showed at first, for the template."""
        for row in self.rows:
            mark, note = self[f"mark-{row.id}"], self[f"note-{row.id}"]
            yield row, mark, mark.as_hidden(only_initial=True), note

    def clean(self) -> dict:
        for row in self.rows:
            if self._changed_names(row) and self._shown_first(row) != (row.mark.value, row.mark.note):
                self.add_error(
                    f"note-{row.id}", _("A colleague has changed this row meanwhile. Read it and save again.")
                )
        return super().clean()

    def changed(self):
        """Row id, mark and note of the rows that were changed."""
        for row in self.rows:
            if self._changed_names(row):
                yield row.id, self.cleaned_data[f"mark-{row.id}"], self.cleaned_data[f"note-{row.id}"]

    def _changed_names(self, row: SheetRow) -> set[str]:
        return {f"mark-{row.id}", f"note-{row.id}"} & set(self.changed_data)

    def _shown_first(self, row: SheetRow) -> tuple[str, str]:
        names = (f"initial-mark-{row.id}", f"initial-note-{row.id}")
        mark, note = (self.data.get(name, "") for name in names)
        return mark, plain(note, lines=True)


class NoteForm(forms.Form):
    text = PlainField(
        lines=True,
        max_length=_MOST,
        label=_("Add a note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first")},
    )


class AssignForm(forms.Form):
    """To whom ``by`` may give it: a manager to everybody who works, others to themselves."""

    assignee = forms.ModelChoiceField(
        get_user_model().objects.none(), required=False, label=_("Assigned to"), empty_label=_("Nobody")
    )

    def __init__(self, inquiry: Inquiry, by, data=None):
        super().__init__(data, initial={"assignee": inquiry.assignee_id})
        self.fields["assignee"].queryset = rights.who_may_be_given_work(by)


class MoveForm(forms.Form):
    """Only the moves that the table allows from here; closing says how, reopening says why."""

    to = forms.ChoiceField(
        label=_("Move to"),
        error_messages={
            "required": _("Choose a status"),
            "invalid_choice": _("That move is not possible from here; nothing was changed"),
        },
    )
    closed_as = forms.ChoiceField(
        required=False,
        label=_("If you close it"),
        choices=[("", "–"), *((value, label) for value, label in ClosedAs.choices if value != ClosedAs.WITHDRAWN)],
    )
    reason = PlainField(
        required=False, lines=True, max_length=_MOST, label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, inquiry: Inquiry, data=None):
        super().__init__(data)
        self.is_reopening = inquiry.status == Status.CLOSED
        self.fields["to"].choices = [("", "–"), *((move, Status(move).label) for move in moves_from(inquiry))]
        if self.is_reopening:
            del self.fields["closed_as"]
        else:
            del self.fields["reason"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("to") != Status.CLOSED:
            cleaned["closed_as"] = ""
        elif not cleaned.get("closed_as"):
            self.add_error("closed_as", _("Say how it was closed"))
        if self.is_reopening and not cleaned.get("reason"):
            self.add_error("reason", _("Say why it is reopened"))
        return cleaned
