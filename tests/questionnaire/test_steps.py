"""The questionnaire against its specification: slugs, criteria and stored values are for ever."""

import pytest

from screening.questionnaire.steps import QUESTIONNAIRE

# slug: (criteria, values); Not sure is added to every clinical question
SPECIFIED = {
    "condition": ("ra-diagnosis", "ra oa both another none"),
    "ra-symptoms": ("ra-residual-symptoms", "yes no not-treated"),
    "ra-medicine-changed": ("ra-optimized-therapy", "yes no no-medicine"),
    "ra-keep-medicine": ("ra-keep-plan", "yes no no-medicine"),
    "ra-rheumatologist": ("ra-follow-up", "often not-often no"),
    "ra-other-health": ("ra-stable", "no yes tell-staff"),
    "oa-joints": ("", "knee hip shoulder hand foot spine another"),
    "oa-severity": ("oa-severity", "mild moderate severe not-told"),
    "oa-pain-with-use": ("oa-activity-pain", "yes no always"),
    "oa-imaging": ("oa-imaging", "yes no"),
    "oa-joint-shape": ("oa-joint-stability", "bent gives-way none"),
    "oa-rehab": ("oa-rehab", "yes already no"),
    "infection": ("ra-infection oa-infection", "no treated untreated tell-staff"),
    "goals": ("ra-goals oa-goals", "less-pain move-better protect avoid-surgery cure else"),
}


def test_the_steps_stand_in_their_order():
    slugs = [step.slug for step in QUESTIONNAIRE.steps]
    assert slugs == ["consent", *SPECIFIED, "anything-else", "contact"]


@pytest.mark.parametrize("slug", SPECIFIED)
def test_a_clinical_question_cites_its_criteria_and_keeps_its_values(slug):
    (question,) = QUESTIONNAIRE.step(slug).questions
    criteria, values = SPECIFIED[slug]
    assert question.key == slug
    assert list(question.criteria) == criteria.split()
    assert [option.value for option in question.options] == [*values.split(), "unsure"]


def test_the_contact_step_asks_only_what_an_answer_needs():
    keys = [question.key for question in QUESTIONNAIRE.step("contact").questions]
    assert keys == ["name", "patient-name", "email", "phone", "channel", "best-time", "leave-message", "language"]
