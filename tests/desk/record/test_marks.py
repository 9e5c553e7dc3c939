"""Marks and notes on the rows of the sheet."""

import pytest

from screening.models import Mark
from tests.builders import inquiry
from tests.desk.record.sheet_pages import form_of, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def marks(desk, made, **changed):
    return form_of(desk.get(record_of(made)).content.decode(), "marks", **changed)


def test_marks_and_notes_are_saved_encrypted_and_shown(desk, staff):
    made = inquiry("oa")
    sent = marks(desk, made, mark_oa_imaging="ask", note_oa_imaging="Which scan?")
    page = desk.post(record_of(made), sent, follow=True).content.decode()
    assert "Marks and notes are saved" in page
    assert page.index('id="row-oa-imaging"') < page.index('id="said"') < page.index('id="row-oa-rehab"')
    mark = Mark.objects.get()
    assert (mark.row, mark.value, mark.note, mark.author) == ("oa-imaging", "ask", "Which scan?", staff)
    assert "Which scan?" in desk.get(record_of(made)).content.decode()


def test_saving_twice_says_that_nothing_was_different(desk):
    made = inquiry("oa")
    sent = marks(desk, made, mark_oa_imaging="ask")
    desk.post(record_of(made), sent)
    assert "Nothing was different" in desk.post(record_of(made), sent, follow=True).content.decode()
    assert made.events.filter(kind="marked").count() == 1


@pytest.mark.parametrize("forged", ["eligible", "", "ask\x00"])
def test_a_forged_mark_is_refused_and_what_was_typed_is_kept(desk, forged):
    made = inquiry("oa")
    response = desk.post(record_of(made), marks(desk, made, mark_oa_imaging=forged, note_oa_goals="typed"))
    assert response.status_code == 422
    assert "Choose one of the marks" in response.content.decode()
    assert ">typed</textarea>" in response.content.decode().replace("\n", "")
    assert not Mark.objects.exists()


def test_a_row_that_the_sheet_does_not_have_is_not_written(desk):
    made = inquiry("oa")
    desk.post(record_of(made), marks(desk, made) | {"mark-forged": "ask", "note-forged": "x"})
    assert not Mark.objects.exists()


def test_only_the_rows_that_changed_are_written(desk):
    made = inquiry("oa")
    mine = marks(desk, made, note_oa_imaging="which scan")
    desk.post(record_of(made), marks(desk, made, mark_oa_goals="ask", note_oa_goals="the only copy"))
    desk.post(record_of(made), mine)
    assert {(mark.row, mark.value, mark.note) for mark in Mark.objects.all()} == {
        ("oa-goals", "ask", "the only copy"),
        ("oa-imaging", "not-looked-at", "which scan"),
    }
