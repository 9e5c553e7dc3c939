"""The pages on which people answer. The URL names the step, the form validates, `flow` decides where next."""

from math import ceil

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
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
from screening.questionnaire import drafts, fhir, flow, rate_limits, rejected_input, wording_versions
from screening.questionnaire.forms import StepForm
from screening.questionnaire.schema import Answers, Step
from screening.questionnaire.steps import FOR_SOMEONE_ELSE, QUESTIONNAIRE

private = cache_control(no_store=True, private=True)

# Hidden fields of a page: the draft that it was made for, and the text of the consent that it shows.
MADE_FOR = "made_for"
CONSENT_SHOWN = "shown"


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
    if draft is None and not _is_first(asked) and (draft_id or request.method == "POST"):
        return redirect("sent")  # sent already, or expired: that page knows which
    if not flow.may_visit(QUESTIONNAIRE, answers, asked):
        return redirect(_onward(answers))
    if request.method == "POST":
        return _submitted(request, asked, draft, answers)
    return _shown(request, asked, draft, answers)


def _submitted(request: HttpRequest, asked: Step, draft: Draft | None, answers: Answers) -> HttpResponse:
    """Save the page's answers and go on, or back to the page, which then shows what was typed and why."""
    form = _bound_form(asked, answers, request.POST)
    reason = _reason_to_reject(request, asked, draft, form)
    consent = wording_versions.consent_version(get_language()) if _is_first(asked) else ""
    try:
        with transaction.atomic():
            rate_limits.check_rate_limit(rate_limits.STEPS, client_address(request))
            saved = None if reason else drafts.save_answers(draft.pk if draft else None, form.answers(), consent)
    except rate_limits.RateLimited as limited:
        saved = None
        if reason != rejected_input.OTHER_DRAFT:
            reason = rejected_input.RATE_LIMITED
        if draft is not None and not _may_be_kept(request):
            return _given_back(request, asked, draft, reason, limited.seconds)
    if reason:
        response = redirect(request.get_full_path())
        names = [*form.fields, CONSENT_SHOWN]
        rejected_input.store(response, draft, rejected_input.from_post(asked.slug, reason, request.POST, names))
        return response
    if saved is None:
        return redirect("sent")
    response = redirect(_after(asked, saved.answers, _is_changing(request)))
    drafts.set_draft_cookie(response, saved)
    return response


def _may_be_kept(request: HttpRequest) -> bool:
    """Whether input above the limit is kept: not without end, or the limit would hold off no writing."""
    try:
        rate_limits.check_rate_limit(rate_limits.KEPT, client_address(request))
    except rate_limits.RateLimited:
        return False
    return True


def _given_back(request: HttpRequest, asked: Step, draft: Draft, reason: str, seconds: int) -> HttpResponse:
    """The page at once, with what was typed, and nothing written."""
    form = StepForm(asked, draft.answers, typed=request.POST)
    problem = "other-draft" if reason == rejected_input.OTHER_DRAFT else "too-many"
    return too_many(_page(request, asked, draft, form, 429, problem, ceil(seconds / 60)), seconds)


def _reason_to_reject(request: HttpRequest, asked: Step, draft: Draft | None, form: StepForm) -> str:
    """Why the page is not accepted, as `rejected_input` names it; empty where it is."""
    made_for = request.POST.get(MADE_FOR)
    # A page that was made before the first answer was saved names no draft; one of an earlier release has no field.
    is_of_this_draft = made_for in (None, drafts.page_token(draft)) or (_is_first(asked) and made_for == "")
    if not is_of_this_draft:
        return rejected_input.OTHER_DRAFT  # before all else: the page that comes back is made for this draft
    if "reading" in request.POST:
        return rejected_input.NOT_JUDGED
    return "" if form.is_valid() else rejected_input.INVALID


def _shown(request: HttpRequest, asked: Step, draft: Draft | None, answers: Answers) -> HttpResponse:
    """The page with the answers so far, or with the input that was not accepted."""
    rejected = rejected_input.find(request, draft, asked.slug)
    if rejected is None:
        return _page(request, asked, draft, StepForm(asked, answers))
    post_data = rejected.as_post_data()
    if rejected.reason == rejected_input.INVALID:
        form = _bound_form(asked, answers, post_data)
        if not form.is_valid():
            return _page(request, asked, draft, form, 422)
    form = StepForm(asked, answers, typed=post_data)
    if rejected.reason == rejected_input.RATE_LIMITED:
        seconds = rate_limits.seconds_until_free(rate_limits.STEPS, client_address(request))
        if seconds:
            return too_many(_page(request, asked, draft, form, 429, "too-many", ceil(seconds / 60)), seconds)
    if rejected.reason == rejected_input.OTHER_DRAFT:
        return _page(request, asked, draft, form, 422, "other-draft")
    return _page(request, asked, draft, form)


def _bound_form(asked: Step, answers: Answers, post_data: QueryDict) -> StepForm:
    """The form with its errors; the consent must be to the text that is in force."""
    form = StepForm(asked, answers, data=post_data)
    if _is_first(asked):
        consent = wording_versions.consent_version(get_language())
        if form.is_valid() and post_data.get(CONSENT_SHOWN, consent) != consent:
            form.add_error(
                "consent", _("This text has changed since you opened the page. Read it once more, then continue")
            )
    return form


def _is_first(asked: Step) -> bool:
    return asked == QUESTIONNAIRE.steps[0]


def _is_changing(request: HttpRequest) -> bool:
    """Whether the person came from the check page to change one answer."""
    return "change" in request.GET


def too_many(response: HttpResponse, seconds: int) -> HttpResponse:
    """The page once more, with everything typed, and when to try again."""
    response.headers["Retry-After"] = str(seconds)
    return response


def _page(
    request: HttpRequest,
    asked: Step,
    draft: Draft | None,
    form: StepForm,
    status: int = 200,
    problem: str = "",
    wait_minutes: int = 0,
) -> HttpResponse:
    """``problem`` names what kept the page from being accepted, where it is not an error of the form."""
    answers = draft.answers if draft else {}
    before = flow.previous_step(QUESTIONNAIRE, answers, asked)
    criteria = library().shelf().criteria
    in_all = flow.total_steps(QUESTIONNAIRE, answers, asked)
    context = {
        "step": asked,
        "form": form,
        "form_token": drafts.form_token(draft, {field.name: field.value() for field in form}),
        "made_for": drafts.page_token(draft),
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
        "problem": problem,
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
