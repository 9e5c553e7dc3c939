"""The pages on which people answer. The URL names the step, the form validates, `flow` decides where next."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from content.library import library
from crc_site.middleware.client_address import client_address
from crc_site.middleware.languages import same_page_elsewhere
from screening.models import Draft
from screening.questionnaire import drafts, fhir, flow, rate_limits, wording_versions
from screening.questionnaire.forms import StepForm
from screening.questionnaire.schema import Answers, Step
from screening.questionnaire.steps import FOR_SOMEONE_ELSE, QUESTIONNAIRE

private = cache_control(no_store=True, private=True)


@require_safe
@private
def start(request: HttpRequest) -> HttpResponse:
    has_draft = drafts.find_draft(drafts.draft_id_from(request)) is not None
    return render(request, "candidacy/start.html", {"has_draft": has_draft, "steps": QUESTIONNAIRE.steps})


@require_safe
@cache_control(public=True, max_age=300)
def questions(request: HttpRequest) -> HttpResponse:
    """All questions at once, to read or print before deciding."""
    return render(request, "candidacy/questions.html", {"steps": QUESTIONNAIRE.steps})


@require_safe
@conditional_page
@cache_control(public=True, max_age=300)
def questionnaire_fhir(request: HttpRequest) -> HttpResponse:
    """The questionnaire for other programs, all languages in one resource."""
    response = HttpResponse(fhir.published(), content_type=fhir.MEDIA_TYPE)
    response.headers["Content-Language"] = ", ".join(sorted(wording_versions.current_wording()[1]))
    return response


@require_safe
@private
def resume(request: HttpRequest) -> HttpResponse:
    """Go on where this device stopped."""
    draft = drafts.find_draft(drafts.draft_id_from(request))
    return redirect(_onward(draft.answers if draft else {}))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def step(request: HttpRequest, slug: str) -> HttpResponse:
    asked = QUESTIONNAIRE.step(slug)
    if asked is None:
        raise Http404
    draft_id = drafts.draft_id_from(request)
    draft = drafts.find_draft(draft_id)
    answers = draft.answers if draft else {}
    is_first = asked == QUESTIONNAIRE.steps[0]
    if draft is None and not is_first and (draft_id or request.method == "POST"):
        return redirect("sent")  # sent already, or expired: that page knows which
    if not flow.may_visit(QUESTIONNAIRE, answers, asked):
        return redirect(_onward(answers))
    if "reading" in request.POST:
        return _read_elsewhere(request, asked, answers)
    if request.method == "POST":
        return _answered(request, asked, draft, answers)
    return _page(request, asked, answers, StepForm(asked, answers))


def _read_elsewhere(request: HttpRequest, asked: Step, answers: Answers) -> HttpResponse:
    """The page in the language of this address, with what was typed in another one; nothing is judged or saved."""
    form = StepForm(asked, answers, typed=request.POST)
    try:
        rate_limits.check_rate_limit(rate_limits.STEPS, client_address(request))
    except rate_limits.RateLimited as refused:
        return too_many(_page(request, asked, answers, form, 429, refused.minutes), refused)
    return _page(request, asked, answers, form)


def _answered(request: HttpRequest, asked: Step, draft: Draft | None, answers: Answers) -> HttpResponse:
    form = StepForm(asked, answers, data=request.POST)
    consent = wording_versions.consent_version(get_language()) if asked == QUESTIONNAIRE.steps[0] else ""
    if form.is_valid() and request.POST.get("shown", consent) != consent:
        form.add_error(
            "consent", _("This text has changed since you opened the page. Read it once more, then continue")
        )
    try:
        with transaction.atomic():
            rate_limits.check_rate_limit(rate_limits.STEPS, client_address(request))
            draft = drafts.save_answers(draft and draft.pk, form.answers(), consent) if form.is_valid() else None
    except rate_limits.RateLimited as refused:
        return too_many(_page(request, asked, answers, form, 429, refused.minutes), refused)
    if form.errors:
        return _page(request, asked, answers, form, status=422)
    if draft is None:
        return redirect("sent")
    response = redirect(_after(asked, draft.answers, _is_changing(request)))
    drafts.set_draft_cookie(response, draft)
    return response


def _is_changing(request: HttpRequest) -> bool:
    """Whether the person came from the check page to change one answer."""
    return "change" in request.GET


def too_many(response: HttpResponse, refused: rate_limits.RateLimited) -> HttpResponse:
    """The page that was sent once more, with everything typed, and when to try again."""
    response.headers["Retry-After"] = str(refused.seconds)
    return response


def _page(
    request: HttpRequest, asked: Step, answers: Answers, form: StepForm, status: int = 200, wait_minutes: int = 0
) -> HttpResponse:
    before = flow.previous_step(QUESTIONNAIRE, answers, asked)
    criteria = library().shelf().criteria
    in_all = flow.total_steps(QUESTIONNAIRE, answers, asked)
    context = {
        "step": asked,
        "form": form,
        # The first step holds the consent, and is not a question.
        "position": flow.path(QUESTIONNAIRE, answers).index(asked),
        "questions_in_all": in_all and in_all - 1,
        "back": reverse("check")
        if _is_changing(request)
        else reverse("step", args=[before.slug])
        if before
        else reverse("candidacy"),
        "criteria": [criteria[id_] for id_ in flow.criteria_for(asked, answers)],
        "is_for_someone_else": FOR_SOMEONE_ELSE.holds(answers),
        "consent_shown": wording_versions.consent_version(get_language()) if before is None else "",
        "wait_minutes": wait_minutes,
    }
    if _is_changing(request):
        context["other_languages"] = same_page_elsewhere(request.path, "?change")
    return render(request, "candidacy/step.html", context, status=status)


def _after(asked: Step, answers: Answers, is_changing: bool) -> str:
    """Where to go from a saved page: onward, or after Change to what it opened, else back to the check page."""
    if is_changing:
        return _onward(answers, "?change")
    if not asked.is_asked(answers):  # another tab has closed this step meanwhile
        return _onward(answers)
    following = flow.next_step(QUESTIONNAIRE, answers, asked)
    return reverse("step", args=[following.slug]) if following else _onward(answers)


def _onward(answers: Answers, query: str = "") -> str:
    """The first unanswered step, or the check page when none is left."""
    unanswered = flow.first_unanswered(QUESTIONNAIRE, answers)
    return reverse("step", args=[unanswered.slug]) + query if unanswered else reverse("check")
