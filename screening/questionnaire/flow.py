"""The way through the questionnaire: a pure replay of the answers so far. Nothing here knows a request."""

from screening.questionnaire.schema import Answers, Questionnaire, Step


def path(questionnaire: Questionnaire, answers: Answers) -> list[Step]:
    """The steps that these answers lead through, in order."""
    return [step for step in questionnaire.steps if step.is_asked(answers)]


def first_unanswered(questionnaire: Questionnaire, answers: Answers) -> Step | None:
    """None when everything that is asked has been answered."""
    return next((step for step in path(questionnaire, answers) if not step.is_answered(answers)), None)


def may_visit(questionnaire: Questionnaire, answers: Answers, step: Step) -> bool:
    """A step opens when it is asked and all before it are answered."""
    for earlier in path(questionnaire, answers):
        if earlier == step:
            return True
        if not earlier.is_answered(answers):
            return False
    return False


def next_step(questionnaire: Questionnaire, answers: Answers, step: Step) -> Step | None:
    """The step after this one; None means the check page."""
    steps = path(questionnaire, answers)
    after = steps[steps.index(step) + 1 :]
    return after[0] if after else None


def previous_step(questionnaire: Questionnaire, answers: Answers, step: Step) -> Step | None:
    steps = path(questionnaire, answers)
    position = steps.index(step)
    return steps[position - 1] if position else None


def total_steps(questionnaire: Questionnaire, answers: Answers, step: Step) -> int | None:
    """How long the path is; None as long as this step, or one after it, decides what else is asked."""
    deciding = {later.asked_when.key for later in questionnaire.steps if later.asked_when}
    steps = path(questionnaire, answers)
    open_still = {question.key for later in steps[steps.index(step) :] for question in later.questions}
    return None if deciding & open_still else len(steps)


def without_unasked_answers(questionnaire: Questionnaire, answers: Answers) -> Answers:
    """The answers to what is asked; those that a changed answer has closed are dropped."""
    asked = {question.key for step in path(questionnaire, answers) for question in step.questions_for(answers)}
    return {key: value for key, value in answers.items() if key in asked}


def criteria_for(step: Step, answers: Answers) -> list[str]:
    """The ids of the criteria that a step is about: those of the person's condition, or all while that is open."""
    cited = [criterion for question in step.questions for criterion in question.criteria]
    condition = answers.get("condition")
    if condition in ("ra", "oa") and step.slug != "condition":
        return [criterion for criterion in cited if criterion.startswith(f"{condition}-")]
    return cited
