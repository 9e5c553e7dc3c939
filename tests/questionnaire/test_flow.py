from dataclasses import replace

import pytest

from screening.questionnaire import flow
from screening.questionnaire.steps import QUESTIONNAIRE
from tests.builders import OA, RA, answers
from tests.questionnaire.specification import BRANCHES, steps_for


def slugs(given: dict) -> list[str]:
    return [step.slug for step in flow.path(QUESTIONNAIRE, given)]


@pytest.mark.parametrize("condition", BRANCHES)
def test_the_condition_decides_the_path(condition):
    assert slugs({"condition": condition}) == steps_for(condition)


def test_no_other_answer_decides_the_path():
    first = answers("both")
    for step, question in QUESTIONNAIRE.questions():
        if question.key == "condition":
            continue
        for option in question.options:
            value = [option.value] if question.takes_several else option.value
            assert slugs(first | {question.key: value}) == slugs(first), step.slug


def test_a_step_opens_when_all_before_it_are_answered():
    given = {key: value for key, value in answers("ra").items() if key in {"who", "adult", "consent", "condition"}}
    assert flow.may_visit(QUESTIONNAIRE, given, QUESTIONNAIRE.step("ra-symptoms"))
    assert not flow.may_visit(QUESTIONNAIRE, given, QUESTIONNAIRE.step("ra-medicine-changed"))
    assert not flow.may_visit(QUESTIONNAIRE, given, QUESTIONNAIRE.step("oa-joints"))


def test_a_finished_questionnaire_has_nothing_unanswered():
    assert flow.first_unanswered(QUESTIONNAIRE, answers("both")) is None


def test_a_value_that_is_no_longer_offered_counts_as_unanswered():
    assert flow.first_unanswered(QUESTIONNAIRE, answers("ra", infection="gone")).slug == "infection"


def test_a_changed_mind_drops_the_stray_answers():
    remaining = flow.without_unasked_answers(QUESTIONNAIRE, answers("both") | {"condition": "oa", "made-up": "x"})
    assert not set(RA) & set(remaining)
    assert set(OA) <= set(remaining)
    assert "made-up" not in remaining


def test_the_other_persons_name_goes_with_who():
    given = answers(who="self", patient_name="Luz")
    assert "patient-name" not in flow.without_unasked_answers(QUESTIONNAIRE, given)


def test_next_and_before_walk_the_same_path():
    given = answers("oa")
    steps = flow.path(QUESTIONNAIRE, given)
    for earlier, later in zip(steps, steps[1:], strict=False):
        assert flow.next_step(QUESTIONNAIRE, given, earlier) == later
        assert flow.previous_step(QUESTIONNAIRE, given, later) == earlier
    assert flow.next_step(QUESTIONNAIRE, given, steps[-1]) is None
    assert flow.previous_step(QUESTIONNAIRE, given, steps[0]) is None


def test_criteria_of_the_other_condition_are_not_quoted():
    infection = QUESTIONNAIRE.step("infection")
    assert flow.criteria_for(infection, {"condition": "ra"}) == ["ra-infection"]
    assert flow.criteria_for(infection, {"condition": "oa"}) == ["oa-infection"]
    assert flow.criteria_for(infection, {"condition": "unsure"}) == ["ra-infection", "oa-infection"]


def test_the_question_of_the_condition_alone_quotes_both_whatever_a_step_is_called():
    infection = QUESTIONNAIRE.step("infection")
    for slug, quoted in (("another", ["ra-infection"]), ("condition", ["ra-infection", "oa-infection"])):
        assert flow.criteria_for(replace(infection, slug=slug), {"condition": "ra"}) == quoted


@pytest.mark.parametrize("condition", BRANCHES)
def test_the_number_of_steps_is_shown_once_nothing_can_change_it(condition):
    given = answers(condition)
    in_all = {step.slug: flow.total_steps(QUESTIONNAIRE, given, step) for step in flow.path(QUESTIONNAIRE, given)}
    assert in_all.pop("consent") is None
    assert in_all.pop("condition") is None
    assert set(in_all.values()) == {len(steps_for(condition))}
