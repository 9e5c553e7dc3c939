"""A mark and a note for every row of the sheet, all in one form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from screening.desk.form_fields import note_field
from screening.desk.record.sheet import SheetRow
from screening.models import Mark


@dataclass(frozen=True)
class MarkRow:
    """A row with its two fields; the template asks for no more."""

    row: SheetRow
    mark: BoundField
    note: BoundField

    @property
    def mark_at_first(self) -> str:
        """What the radio buttons showed when the page was made; the note's field prints its own."""
        return self.mark.as_hidden(only_initial=True)


class MarksForm(forms.Form):
    """Each field carries what it showed at first, so that only the rows that were changed are written."""

    def __init__(self, rows: list[SheetRow], data: Mapping[str, Any] | None = None):
        super().__init__(data, label_suffix="")
        self.rows = rows
        for row in rows:
            self.fields[f"mark-{row.id}"] = forms.ChoiceField(
                choices=Mark.Value.choices,
                widget=forms.RadioSelect,
                initial=row.mark.value,
                label=_("Mark"),
                show_hidden_initial=True,
                error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the marks")),
            )
            self.fields[f"note-{row.id}"] = note_field(
                _("Note on this row"), rows=1, initial=row.mark.note, show_hidden_initial=True
            )

    def lines(self) -> Iterator[MarkRow]:
        for row in self.rows:
            yield MarkRow(row, self[f"mark-{row.id}"], self[f"note-{row.id}"])

    def changed(self) -> dict[str, tuple[str, str]]:
        """Mark and note by the id of each row that was changed."""
        said = self.cleaned_data
        names = set(self.changed_data)
        return {
            row.id: (said[f"mark-{row.id}"], said[f"note-{row.id}"])
            for row in self.rows
            if names & {f"mark-{row.id}", f"note-{row.id}"}
        }
