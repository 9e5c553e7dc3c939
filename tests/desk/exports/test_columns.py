"""The exported table: no cell is a formula, and each column holds what its heading says."""

import copy
import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.desk.exports.columns import cells, columns, neutralize_formula
from screening.desk.exports.csv_export import _as_csv
from screening.inquiries import services
from screening.models import Inquiry, WordingVersion
from screening.privacy.encryption import Ciphertext
from screening.questionnaire import wording_versions
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import inquiry

FORMULAS = tuple("=+-@\t\r\n＝＋－＠﹢﹣﹫")


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n", "  =1", "\u200b=1", "\ufeff=1", "＝1", "\xa0@x", "+52 1"],
)
def test_what_begins_like_a_formula_is_led_in_by_an_apostrophe(text):
    assert neutralize_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "1 + 1 = 2", "a=b", "¿Sí?", "'=1", "x\n=1"])
def test_other_text_is_left_as_it_is(text):
    assert neutralize_formula(text) == text


@pytest.mark.slow
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), max_size=5))
def test_no_reopened_cell_begins_like_a_formula_and_none_is_lost(lines):
    reopened = list(
        csv.reader(StringIO(_as_csv([[neutralize_formula(cell) for cell in line] for line in lines]), newline=""))
    )
    assert len(reopened) == len(lines)
    for line, found in zip(lines, reopened, strict=True):
        for cell, read in zip(line, found, strict=True):
            assert not read.lstrip().startswith(FORMULAS)
            assert cell in (read, read.removeprefix("'"))


def as_dict(made: Inquiry, *, personal: bool) -> dict[str, str]:
    wanted = columns(personal=personal)
    made = Inquiry.objects.select_related("assignee", "wording").get(pk=made.pk)
    return dict(zip([column.heading for column in wanted], cells(made, wanted), strict=True))


@pytest.mark.django_db
def test_the_columns_are_the_questions_in_their_order_whatever_was_answered():
    headings = [column.heading for column in columns(personal=False)]
    questions = [
        question.key
        for step, question in QUESTIONNAIRE.questions()
        if step.slug != "contact" and question.options and question.key not in ("adult", "consent")
    ]
    assert [heading for heading in headings if heading in questions] == questions
    assert headings[:3] == ["Reference", "Received", "First opened"]


@pytest.mark.django_db
def test_a_question_has_its_stored_value_and_the_words_that_the_patient_read():
    line = as_dict(inquiry("both", oa_joints=["knee", "hip"], ra_symptoms="unsure"), personal=False)
    assert line["oa-joints"] == "knee hip"
    assert line["Which joints bother you?"] == "Knee, Hip"
    assert line["ra-symptoms"] == "unsure"
    not_asked = as_dict(inquiry("oa"), personal=False)
    assert not_asked["ra-symptoms"] == ""
    assert "Not asked" in not_asked.values()


@pytest.mark.django_db
def test_a_question_that_is_asked_no_more_keeps_its_columns():
    made = inquiry()
    _digest, content = wording_versions.current_wording()
    former = copy.deepcopy(content)
    for words in former.values():
        question = {"key": "ra-former", "label": "Formerly?", "criteria": [], "options": {"yes": "Yes, formerly"}}
        words["steps"][2]["questions"].append(question)
    version = WordingVersion.objects.create(digest="former", content=former)
    made.answers = made.answers | {"ra-former": "yes"}
    made.wording = version
    made.save()
    line = as_dict(made, personal=False)
    assert (line["ra-former"], line["Formerly?"]) == ("yes", "Yes, formerly")
    assert as_dict(inquiry(), personal=False)["ra-former"] == ""


@pytest.mark.django_db
def test_without_personal_data_there_is_none():
    made = inquiry(name="Canary Name", anything_else="canary words", email="canary@example.com")
    bare, full = as_dict(made, personal=False), as_dict(made, personal=True)
    assert "canary" not in str(bare).lower()
    assert set(bare) < set(full)
    for text in ("Canary Name", "canary words", "canary@example.com", "'+1 619-555-0100 (United States)"):
        assert text in full.values()


@pytest.mark.django_db
@pytest.mark.parametrize("personal", [False, True])
def test_one_that_was_withdrawn_has_its_reference_and_dates_only(personal):
    made = inquiry(name="Canary")
    services.withdraw(made.pk)
    line = as_dict(made, personal=personal)
    filled = {name for name, cell in line.items() if cell}
    assert filled == {"Reference", "Received", "Reply due", "Status", "Closed as", "Language"}
    assert (line["Status"], line["Closed as"]) == ("Closed", "Withdrawn")


@pytest.mark.django_db
def test_one_that_cannot_be_decrypted_says_so_and_stops_nothing():
    made = inquiry()
    Inquiry.objects.filter(pk=made.pk).update(answers=Ciphertext("gAAAAbroken"))
    line = as_dict(made, personal=False)
    assert line["Reference"] == made.reference
    assert "cannot be opened" in line.values()
    assert "gAAAA" not in str(line)
