"""The path through the questionnaire, computed from the answers so far. Pure functions."""

from screening.questionnaire.types import Answers, Questionnaire, Step


def path(questionnaire: Questionnaire, answers: Answers) -> list[Step]:
    """The steps that are asked with these answers, in order."""
    return [step for step in questionnaire.steps if step.is_asked(answers)]


def first_unanswered(questionnaire: Questionnaire, answers: Answers) -> Step | None:
    """The first step on the path that is not answered; None if all are."""
    return next((step for step in path(questionnaire, answers) if not step.is_answered(answers)), None)


def may_visit(questionnaire: Questionnaire, answers: Answers, step: Step) -> bool:
    """Whether the step is asked and all steps before it are answered."""
    for earlier in path(questionnaire, answers):
        if earlier == step:
            return True
        if not earlier.is_answered(answers):
            return False
    return False


def next_step(questionnaire: Questionnaire, answers: Answers, step: Step) -> Step | None:
    """The step after this one; None after the last, where the check page follows."""
    steps = path(questionnaire, answers)
    after = steps[steps.index(step) + 1 :]
    return after[0] if after else None


def previous_step(questionnaire: Questionnaire, answers: Answers, step: Step) -> Step | None:
    steps = path(questionnaire, answers)
    position = steps.index(step)
    return steps[position - 1] if position else None


def total_steps(questionnaire: Questionnaire, answers: Answers, step: Step) -> int | None:
    """The number of steps on the path; None if an answer to this or a later step can still change it."""
    branching = {later.asked_when.key for later in questionnaire.steps if later.asked_when}
    steps = path(questionnaire, answers)
    upcoming = {question.key for later in steps[steps.index(step) :] for question in later.questions}
    return None if branching & upcoming else len(steps)


def without_unasked_answers(questionnaire: Questionnaire, answers: Answers) -> Answers:
    """The answers without those to questions that are no longer asked after another answer changed."""
    asked = {question.key for step in path(questionnaire, answers) for question in step.questions_for(answers)}
    return {key: value for key, value in answers.items() if key in asked}


def criteria_for(step: Step, answers: Answers) -> list[str]:
    """The ids of a step's criteria: those of the person's condition (ra or oa), or all if it is neither."""
    cited = [criterion for question in step.questions for criterion in question.criteria]
    condition = answers.get("condition")
    if condition in ("ra", "oa") and step.slug != "condition":
        return [criterion for criterion in cited if criterion.startswith(f"{condition}-")]
    return cited
