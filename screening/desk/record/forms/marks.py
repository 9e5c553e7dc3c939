"""The form with a mark and a note for each row of the sheet."""

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
    """A row of the sheet with its two bound fields; ``is_open`` if something was typed into them."""

    row: SheetRow
    mark: BoundField
    note: BoundField
    is_open: bool

    @property
    def mark_at_first(self) -> str:
        """The hidden initial value of the radio buttons; the note's field renders its own."""
        return self.mark.as_hidden(only_initial=True)


class MarksForm(forms.Form):
    """Each field has a hidden initial value, so that only changed rows are written."""

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
        typed = set(self.changed_data) | set(self.errors) if self.is_bound else set()
        for row in self.rows:
            mark, note = f"mark-{row.id}", f"note-{row.id}"
            yield MarkRow(row, self[mark], self[note], is_open=not typed.isdisjoint({mark, note}))

    def changed(self) -> dict[str, tuple[str, str]]:
        """(mark, note) of each changed row, by row id."""
        cleaned, names = self.cleaned_data, set(self.changed_data)
        return {
            row.id: (cleaned[f"mark-{row.id}"], cleaned[f"note-{row.id}"])
            for row in self.rows
            if names & {f"mark-{row.id}", f"note-{row.id}"}
        }
