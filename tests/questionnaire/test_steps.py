"""The questionnaire matches its specification: slugs, criteria and stored values must never change."""

import pytest

from screening.questionnaire.steps import QUESTIONNAIRE
from tests.questionnaire.specification import CLINICAL


def test_the_steps_stand_in_their_order():
    slugs = [step.slug for step in QUESTIONNAIRE.steps]
    assert slugs == ["consent", *CLINICAL, "anything-else", "contact"]


@pytest.mark.parametrize("slug", CLINICAL)
def test_a_clinical_question_cites_its_criteria_and_keeps_its_values(slug):
    (question,) = QUESTIONNAIRE.step(slug).questions
    assert question.key == slug
    assert question.criteria == CLINICAL[slug].criteria
    assert [option.value for option in question.options] == [*CLINICAL[slug].values, "unsure"]


def test_the_contact_step_asks_only_what_an_answer_needs():
    keys = [question.key for question in QUESTIONNAIRE.step("contact").questions]
    assert keys == ["name", "patient-name", "email", "phone", "channel", "best-time", "leave-message", "language"]
