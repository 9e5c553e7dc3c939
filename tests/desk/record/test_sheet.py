import pytest
from django.utils.translation import override

from screening.desk.record.sheet import condition_of, row_names, sheet_of
from screening.models import Inquiry, WordingVersion
from tests.builders import inquiry
from tests.questionnaire.specification import CLINICAL

pytestmark = pytest.mark.django_db

_CITED = list(dict.fromkeys(criterion for row in CLINICAL.values() for criterion in row.criteria))
_WITHOUT_CRITERION = [slug for slug, row in CLINICAL.items() if not row.criteria]
ORDER = [
    *(criterion for criterion in _CITED if criterion.startswith("ra-")),
    *(criterion for criterion in _CITED if criterion.startswith("oa-")),
    *_WITHOUT_CRITERION,
    "anything-else",
]


def order(made: Inquiry) -> list[str]:
    return [row.id for row in sheet_of(made)]


@pytest.mark.parametrize("condition", ["ra", "oa", "both", "another", "none", "unsure"])
def test_rows_stand_in_one_order_whatever_was_answered(condition):
    assert order(inquiry(condition)) == ORDER


def test_a_database_that_sorts_what_it_keeps_changes_nothing():
    made = inquiry()
    version = WordingVersion.objects.get()
    for words in version.content.values():
        words["criteria"] = dict(reversed(words["criteria"].items()))
    version.save()
    assert order(Inquiry.objects.get(pk=made.pk)) == ORDER


def test_each_group_has_its_title_once():
    titles = [str(row.group) for row in sheet_of(inquiry())]
    assert list(dict.fromkeys(titles)) == ["Rheumatoid arthritis", "Osteoarthritis", "Also asked"]
    assert titles == sorted(titles, key=["Rheumatoid arthritis", "Osteoarthritis", "Also asked"].index)


def test_answers_stand_as_they_were_read_and_in_the_readers_language():
    made = inquiry("oa", anything_else="Me duele")
    Inquiry.objects.update(language="es")
    rows = {row.id: row for row in sheet_of(Inquiry.objects.get(pk=made.pk))}
    (question,) = rows["oa-severity"].asked
    assert (question.answer, question.answer_for_reader) == ("Moderada", "Moderate")
    assert question.question_for_reader == "Has a doctor told you how severe your OA is?"
    (question,) = rows["anything-else"].asked
    assert question.answer == question.answer_for_reader == "Me duele"


def test_rows_have_names_that_need_no_answer():
    made = inquiry()
    with override("es"):
        assert row_names(made)["oa-severity"] == "Su osteoartritis es de leve a moderada."
        assert condition_of(made) == "Artritis reumatoide (AR)"
